package dev.patchbay.web.daemon;

import dev.patchbay.syscall.Errno;
import dev.patchbay.syscall.ErrnoException;
import dev.patchbay.syscall.HeldFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** The file with the tokens of clients on TCP: one a line, empty lines and those that begin with {@code #} aside. */
final class TokenFile {
    /** No sensible file is larger; a mistaken path may be. */
    static final int MAX_BYTES = 1 << 16;

    /** A shorter token could be guessed. */
    static final int MIN_LENGTH = 16;

    private static final Set<PosixFilePermission> OWNERS = Set.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private TokenFile() {}

    /**
     * Reads the tokens, at least one.
     *
     * @throws UsageException with the remedy, and without anything that is in the file
     */
    static List<String> read(Path path) {
        try (HeldFile held = HeldFile.at(path)) {
            return read(path, held);
        } catch (ErrnoException e) {
            throw e.is(Errno.ENOENT)
                    ? wrong(path, "does not exist; create it with mode 0600")
                    : wrong(path, "cannot be opened: " + e.getMessage());
        } catch (IOException e) {
            throw wrong(path, "cannot be read: " + e.getMessage());
        }
    }

    /** Reads what is held. Its name may mean another file by now, which has nothing to do with it. */
    static List<String> read(Path path, HeldFile held) throws IOException {
        check(path, held.path());
        List<String> tokens = text(path, held.path())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (tokens.isEmpty()) {
            throw wrong(path,
                    "has no token; write one a line, for example the output of: openssl rand -hex 32");
        }
        if (!tokens.stream().allMatch(token -> token.matches("[!-~]{" + MIN_LENGTH + ",1024}"))) {
            throw wrong(path, "must have tokens of " + MIN_LENGTH
                    + " to 1024 letters, digits and signs, one a line");
        }
        return tokens;
    }

    /** Whether nobody else can have read or written what is held. */
    private static void check(Path path, Path held) throws IOException {
        var attributes = Files.readAttributes(held, PosixFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw wrong(path, "must be a file, and no link");
        }
        Object owner = Files.getAttribute(held, "unix:uid");
        Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(0) && !owner.equals(own)) {
            throw wrong(path, "belongs to the user " + owner + "; type: chown " + own + " " + path);
        }
        if (!OWNERS.containsAll(attributes.permissions())) {
            throw wrong(path, "can be read by others than its owner; type: chmod 600 " + path);
        }
    }

    private static String text(Path path, Path held) throws IOException {
        try (InputStream in = Files.newInputStream(held)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw wrong(path, "is larger than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.US_ASCII);
        }
    }

    private static UsageException wrong(Path path, String problem) {
        return UsageException.configuration("the token file " + path + " " + problem);
    }
}
