package dev.patchbay.legacy;

import dev.patchbay.PluginAddress;
import dev.patchbay.legacy.Description.Proof;
import dev.patchbay.legacy.Description.Where;
import dev.patchbay.legacy.Sighting.Meaning;
import dev.patchbay.text.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/** Looks at one file that may speak for a plugin. Blocks, and may hang, for as long as the file does. */
final class FileLook {
    private static final int LARGEST_FILE = 64 << 10;
    private static final int LARGEST_CERTIFICATES = 1 << 20;
    private static final int KIND = 0170000;
    private static final int SOCKET = 0140000;
    private static final int REGULAR = 0100000;

    private final Path file;
    private final Map<Path, String> stamps = new HashMap<>();
    private final Map<Path, String> contents = new HashMap<>();

    private FileLook(Path file) {
        this.file = file;
    }

    /** What is there, the same as before if nothing has changed, and meaning the same if only stamps have. */
    static Sighting at(Path file, Optional<Sighting> before) {
        return before.filter(FileLook::stillSo).orElseGet(() -> {
            Sighting now = new FileLook(file).look();
            return before.filter(now::saysTheSameAs).map(it -> now.meaning(it.meaning())).orElse(now);
        });
    }

    private static boolean stillSo(Sighting sighting) {
        return !sighting.stamps().isEmpty()
                && sighting.stamps()
                        .entrySet()
                        .stream()
                        .allMatch(each -> stamp(each.getKey()).equals(each.getValue()))
                && waysTo(sighting.stamps().keySet()).equals(sighting.watched());
    }

    private Sighting look() {
        note(file); // before it is read: what changes meanwhile is read again
        Meaning meaning = meaning();
        return new Sighting(file, meaning, contents, stamps, waysTo(stamps.keySet()));
    }

    private void note(Path path) {
        String stamp = stamp(path);
        stamps.put(path, stamp);
        contents.put(path, content(path).orElse(stamp));
    }

    /** What tells the content of a file from another; nothing, if it has none that could be read whole. */
    private static Optional<String> content(Path path) {
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > LARGEST_CERTIFICATES) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(LARGEST_CERTIFICATES + 1);
                return Optional.of(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
            }
        } catch (IOException _) {
            return Optional.empty(); // it is said where it is made use of
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static Map<Path, Set<String>> waysTo(Set<Path> files) {
        var all = new HashMap<Path, Set<String>>();
        files.forEach(each -> FolderWatch.join(all, WayTo.file(each)));
        return all;
    }

    private static String stamp(Path path) {
        try {
            return new TreeMap<>(Files.readAttributes(path, "unix:dev,ino,mode,size,ctime")).toString();
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    private Meaning meaning() {
        boolean saysItself = file.toString().endsWith(SearchOrder.SOCKET);
        try {
            int kind = kind();
            if (saysItself) {
                return kind == SOCKET
                        ? new Meaning.Target(new PluginAddress.Unix(file), Optional.empty())
                        : new Meaning.PassedOver(file + " is no socket; remove it");
            }
            return kind == REGULAR
                    ? target(description())
                    : unusable("is no file; replace it");
        } catch (NoSuchFileException _) {
            return new Meaning.Absent();
        } catch (InvalidDescriptionException e) {
            return unusable(e.getMessage() + "; correct or remove it");
        } catch (IOException | GeneralSecurityException e) {
            return unusable("cannot be used: " + reason(e));
        }
    }

    private int kind() throws IOException {
        return Files.getAttribute(file, "unix:mode") instanceof Integer mode ? mode & KIND : 0;
    }

    private Meaning unusable(String what) {
        return new Meaning.Unusable(file + " " + what);
    }

    private static String reason(Exception e) {
        return Quoted.shortened(e instanceof AccessDeniedException
                ? "access denied: " + e.getMessage()
                : String.valueOf(e.getMessage()));
    }

    private Description description() throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(LARGEST_FILE + 1);
        }
        if (content.length > LARGEST_FILE) {
            throw new InvalidDescriptionException("is larger than " + LARGEST_FILE + " bytes");
        }
        return file.toString().endsWith(SearchOrder.JSON)
                ? Description.ofJson(content)
                : Description.ofSpec(content);
    }

    private Meaning target(Description description) throws IOException, GeneralSecurityException {
        Optional<String> notice = description.tls()
                .filter(tls -> tls.proof() == Proof.FORGOTTEN)
                .map(_ -> file
                        + " has a TLSConfig without CAFile, so nobody is asked to prove who they are; add CAFile,"
                        + " or InsecureSkipVerify if that is meant");
        return new Meaning.Target(address(description), notice);
    }

    private PluginAddress address(Description description) throws IOException, GeneralSecurityException {
        return switch (description.where()) {
            case Where.Unix(Path socket) -> new PluginAddress.Unix(socket);
            case Where.Tcp(String host, int port) -> new PluginAddress.Tcp(host, port,
                    description.tls().isEmpty()
                            ? Optional.empty()
                            : Optional.of(context(description.tls().get())));
        };
    }

    private SSLContext context(Description.Tls tls) throws IOException, GeneralSecurityException {
        tls.authorities().ifPresent(this::note);
        tls.own().ifPresent(own -> {
            note(own.certificate());
            note(own.key());
        });
        return TlsContexts.of(tls);
    }
}
