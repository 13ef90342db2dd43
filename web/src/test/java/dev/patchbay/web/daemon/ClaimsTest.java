package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClaimsTest {
    @TempDir
    @SuppressWarnings("NullAway") // JUnit fills it in
    private Path folder;

    @Test
    void locksAFolderForOneAtATime() {
        Path root = folder.resolve("a/root");
        try (var _ = DirectoryLock.take("root", root)) {
            assertThatThrownBy(() -> DirectoryLock.take("root", root))
                    .isInstanceOf(UsageException.class)
                    .hasMessage(
                            "the root " + root + " is in use by another patchbay (process "
                                    + ProcessHandle.current().pid() + ", lock file " + root
                                    + "/daemon.lock); stop it or choose another --root");
        }
        try (var again = DirectoryLock.take("root", root)) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void refusingAFolderInTheSameProcessLeavesTheHoldersLock() throws Exception {
        Path root = folder.resolve("root");
        Path file = root.resolve(DirectoryLock.FILE);
        var lock = DirectoryLock.take("root", root);
        assertThatThrownBy(() -> DirectoryLock.take("root", root)).isInstanceOf(UsageException.class);
        assertThat(canBeLockedByAnotherProcess(file)).isFalse();
        lock.close();
        assertThat(canBeLockedByAnotherProcess(file)).isTrue();
    }

    private static final int GOT = 10;
    private static final int REFUSED = 11;

    /** Another process that tries to get a lock, and gives it back. Needs nothing but the JDK. */
    static final class Locking {
        private Locking() {}

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.exit(channel.tryLock() == null ? REFUSED : GOT);
            }
        }
    }

    private static boolean canBeLockedByAnotherProcess(Path file) throws Exception {
        Path classes = Path.of(ClaimsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path java = Path.of(System.getProperty("java.home"), "bin/java");
        int code = new ProcessBuilder(java.toString(), "-XX:TieredStopAtLevel=1", "-cp", classes.toString(),
                Locking.class.getName(), file.toString()).inheritIO().start().waitFor();
        assertThat(code).isIn(GOT, REFUSED);
        return code == GOT;
    }

    @Test
    void makesTheFolderForRootAloneAndItsParentsForAll() throws IOException {
        Path root = folder.resolve("parent/root");
        try (var _ = DirectoryLock.take("root", root)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("parent"))))
                    .startsWith("rwxr-x");
        }
    }

    @Test
    void doesNotFollowALinkToALockFile() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "precious");
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.createSymbolicLink(root.resolve(DirectoryLock.FILE), elsewhere);
        assertThatThrownBy(() -> DirectoryLock.take("root", root)).hasMessageContaining("cannot be used");
        assertThat(elsewhere).hasContent("precious");
    }

    @Test
    void refusesAFileInThePlaceOfAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> DirectoryLock.take("exec-root", file))
                .hasMessage("the exec-root " + file + " is not a folder; choose another --exec-root");
    }

    @Test
    void namesTheCertificateThatIsMissing() throws IOException {
        Path there = Files.writeString(folder.resolve("there.pem"), "");
        Path missing = folder.resolve("missing.pem");
        Configuration configuration = Configuration.of(
                CommandLineFixture.given(
                        "-H", "tcp://127.0.0.1:0", "--tlsverify", "--tlscacert", "" + there, "--tlscert",
                        "" + missing,
                        "--tlskey", "" + there));
        assertThatThrownBy(() -> Claims.make(configuration))
                .hasMessage(
                        "the file " + missing + " of --tlscert cannot be read; make it, or name another one");
    }

    @Test
    void writesAndRemovesThePidfile() {
        Path path = folder.resolve("run/patchbay.pid");
        try (var _ = Pidfile.write(path)) {
            assertThat(path).hasContent(Long.toString(ProcessHandle.current().pid()));
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void respectsThePidfileOfALivingProcess() throws IOException {
        long init = 1;
        Path path = Files.writeString(folder.resolve("pid"), init + "\n");
        assertThatThrownBy(() -> Pidfile.write(path))
                .hasMessageContaining("the process 1 of pidfile " + path);
        assertThat(path).hasContent("1");
    }

    @Test
    void replacesAStalePidfileAndNeverWritesThroughALink() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "no number");
        Path path = Files.createSymbolicLink(folder.resolve("pid"), elsewhere);
        try (var _ = Pidfile.write(path)) {
            assertThat(Files.isSymbolicLink(path)).isFalse();
            assertThat(elsewhere).hasContent("no number");
        }
    }

    @Test
    void holdsNothingWhenOneClaimFails() throws IOException {
        Path pidfile = Files.writeString(folder.resolve("pid"), "1");
        Configuration configuration = Configuration.of(
                CommandLineFixture.given("--root", folder + "/r", "--exec-root", "/tmp/pbclaims", "-p",
                        "" + pidfile));
        assertThatThrownBy(() -> Claims.make(configuration)).hasMessageContaining("pidfile");
        try (var lock = DirectoryLock.take("root", configuration.folders().root())) {
            assertThat(lock).isNotNull();
        } finally {
            Files.delete(Path.of("/tmp/pbclaims/daemon.lock"));
            Files.delete(Path.of("/tmp/pbclaims"));
        }
    }
}
