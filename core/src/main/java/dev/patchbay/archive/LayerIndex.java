package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a stack of layers leaves behind, file by file, without unpacking it: enough to tell whether a folder was made
 * from it. Files count by their content, symbolic links by their target; all else, and what others added, does not.
 * Not thread-safe.
 */
public final class LayerIndex {
    private static final String MARKER = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private final ArchiveLimits limits;
    // By name without leading slash. In this order all that is below a folder stands together.
    private final NavigableMap<String, String> files = new TreeMap<>();

    /** Starts with no layer; the limits apply to each by itself. */
    public LayerIndex(ArchiveLimits limits) {
        this.limits = limits;
    }

    /**
     * Adds the next higher layer, plain or compressed with gzip or zstd. Blocks; does not close it. After an exception
     * the index is of no use.
     *
     * @throws ArchiveException if the layer is bad or too big, or the thread was interrupted
     * @throws IOException if it cannot be read
     */
    public void add(InputStream layer) throws IOException {
        NavigableMap<String, String> added = new TreeMap<>();
        try (InputStream tar = Decompression.open(layer)) {
            TarReader reader = new TarReader(tar, limits, TarReader.Ending.ANY);
            for (var item = reader.next(); item.isPresent(); item = reader.next()) {
                add(item.get(), reader, added);
            }
        }
        files.putAll(added);
    }

    private void add(TarItem item, TarReader content, Map<String, String> added) throws IOException {
        List<String> parts = EntryNames.parts(item.name(), item.name());
        if (parts.isEmpty()) {
            return; // the root
        }
        String name = String.join("/", parts);
        if (Whiteouts.isMarker(parts)) {
            String folder = name.substring(0, name.length() - parts.getLast().length());
            remove(parts.getLast().equals(OPAQUE)
                    ? folder
                    : folder + parts.getLast()
                            .substring(Math.min(parts.getLast().length(),
                                    MARKER.length())));
            return;
        }
        switch (item.kind()) {
            case Kind.Directory() -> files.remove(name);
            case Kind.Regular _ -> {
                remove(name);
                added.put(name, "file " + hash(content));
            }
            case Kind.Symlink(String target) -> {
                remove(name);
                added.put(name, "link " + target);
            }
            case Kind.HardLink _,Kind.Device _,Kind.Fifo _ -> {
                remove(name);
                added.remove(name);
            }
        }
    }

    /** Forgets what lower layers have at or below a name; one that ends with a slash is below only. */
    private void remove(String name) {
        files.remove(name);
        String below = name.isEmpty() || name.endsWith("/") ? name : name + "/";
        if (below.isEmpty()) {
            files.clear();
        } else {
            files.subMap(below, below.substring(0, below.length() - 1) + "0").clear(); // the sign after the slash
        }
    }

    /** How many files and links of the layers there are. */
    public int size() {
        return files.size();
    }

    /**
     * Whether a folder has every file and link of the layers, as it is there. Blocks. Follows no link out of the folder:
     * what lies behind such a link is not compared.
     */
    public boolean isUnpackedIn(Path folder) throws IOException {
        Path root = folder.toRealPath();
        for (Map.Entry<String, String> file : files.entrySet()) {
            TarReader.stopIfInterrupted();
            if (!isAt(root, root.resolve(file.getKey()), file.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAt(Path root, Path place, String expected) throws IOException {
        Path parent = place.getParent();
        if (parent == null || !Files.exists(parent)) {
            return false;
        }
        if (!parent.toRealPath().startsWith(root)) {
            return true;
        }
        if (Files.isSymbolicLink(place)) {
            return expected.equals("link " + Files.readSymbolicLink(place));
        }
        if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(place, LinkOption.NOFOLLOW_LINKS);
                var hashed = new DigestInputStream(in, sha256())) {
            hashed.transferTo(OutputStream.nullOutputStream());
            return expected.equals("file " + HexFormat.of().formatHex(hashed.getMessageDigest().digest()));
        }
    }

    private static String hash(TarReader content) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
