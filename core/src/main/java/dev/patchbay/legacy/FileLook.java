package dev.patchbay.legacy;

import dev.patchbay.PluginAddress;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/** Looks at one file that may speak for a plugin. Blocks, and may hang, for as long as the file does. */
final class FileLook {
    private static final int LARGEST_FILE = 64 << 10;
    private static final int KIND = 0170000;
    private static final int SOCKET = 0140000;
    private static final int REGULAR = 0100000;

    private final Path file;
    private final Map<Path, String> stamps = new HashMap<>();
    private final Map<Path, Set<String>> watched = new HashMap<>();

    private FileLook(Path file) {
        this.file = file;
    }

    /** What is there, the same as before if nothing has changed. */
    static Sighting at(Path file, Optional<Sighting> before) {
        return before.filter(FileLook::stillSo).orElseGet(() -> new FileLook(file).look());
    }

    private static boolean stillSo(Sighting sighting) {
        return !sighting.stamps().isEmpty()
                && sighting.stamps()
                        .entrySet()
                        .stream()
                        .allMatch(each -> stamp(each.getKey()).equals(each.getValue()));
    }

    private Sighting look() {
        note(file); // before it is read: what changes meanwhile is read again
        return new Sighting(file, meaning(), stamps, watched);
    }

    private void note(Path path) {
        stamps.put(path, stamp(path));
        watch(path);
        try {
            if (Files.isSymbolicLink(path)) {
                watch(path.toRealPath());
            }
        } catch (IOException _) {
            // It leads nowhere; when it does, it will be another link, or nobody notices.
        }
    }

    private void watch(Path path) {
        Path folder = path.getParent();
        if (folder != null) {
            watched.computeIfAbsent(folder, _ -> new HashSet<>()).add(String.valueOf(path.getFileName()));
        }
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
                        ? new Meaning.Target(new PluginAddress.Unix(file))
                        : new Meaning.PassedOver(file + " is no socket; remove it");
            }
            return kind == REGULAR
                    ? new Meaning.Target(address(description()))
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
