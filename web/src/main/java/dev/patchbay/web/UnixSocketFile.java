package dev.patchbay.web;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/** The file of a unix socket. Blocking. */
final class UnixSocketFile {
    private static final String MODE = "rw-rw----"; // whoever can write to it is root on the host
    private static final int FILE_TYPE = 0170000; // inode(7): S_IFMT
    private static final int SOCKET = 0140000; // inode(7): S_IFSOCK

    private UnixSocketFile() {}

    /**
     * Makes the path free: creates its folder, removes a socket on which nobody listens.
     *
     * @throws BindException if a server listens there, or something else than a socket is there
     */
    static void prepare(Path path) throws IOException {
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        int mode;
        try {
            mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return;
        }
        if ((mode & FILE_TYPE) != SOCKET) {
            throw new BindException("something that is not a socket is there");
        }
        if (isAlive(path)) {
            throw new BindException("a server listens there already");
        }
        Files.deleteIfExists(path);
    }

    private static boolean isAlive(Path path) {
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            return false; // refused: the file outlived its server
        }
    }

    /** Lets the owner and a group connect, and nobody else. */
    static void protect(ListenAddress.Unix address) throws IOException {
        Path path = address.path();
        if (address.group().isPresent()) {
            GroupPrincipal group = group(path, address.group().get());
            Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setGroup(group);
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(MODE));
    }

    private static GroupPrincipal group(Path path, String name) throws IOException {
        try {
            return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no group " + name, e);
        }
    }
}
