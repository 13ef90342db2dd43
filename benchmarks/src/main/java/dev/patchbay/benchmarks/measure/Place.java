package dev.patchbay.benchmarks.measure;

import dev.patchbay.syscall.Mounts;
import dev.patchbay.testing.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A private folder with a short path, for sockets. Closing removes it with all that a run left below it, containers and
 * mounts too, however the run ended.
 *
 * @param folder the folder
 */
public record Place(Path folder) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    /** Makes a new one. The JDK's own temporary names are so long that sockets below them would not fit the kernel. */
    public static Place make() throws IOException {
        return below(Path.of("/tmp"));
    }

    /** The same in memory, for what is to be measured without a disk. */
    public static Place inMemory() throws IOException {
        return below(Path.of("/dev/shm"));
    }

    private static Place below(Path parent) throws IOException {
        byte[] name = new byte[4];
        new SecureRandom().nextBytes(name);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        return OpenPlaces.open(new Place(
                Files.createDirectory(parent.resolve("pbb" + HexFormat.of().formatHex(name)), owner)));
    }

    /** For the plugin directory. */
    public Path root() {
        return folder.resolve("r");
    }

    /** For run-time files and the plugins' sockets. */
    public Path execRoot() {
        return folder.resolve("x");
    }

    /** For the server's socket. */
    public Path socket() {
        return folder.resolve("s");
    }

    /** For what is started without an engine. */
    public Path bare() {
        return folder.resolve("b");
    }

    /** Where a runtime keeps its containers, for an executor with this exec root. */
    public static Path runtimeState(Path execRoot) {
        return execRoot.resolve(".patchbay/r/runc");
    }

    @Override
    public void close() throws IOException {
        DockerdTraces traces = DockerdTraces.of(this);
        Processes.end(folder);
        try (Stream<Path> all = Files.walk(folder, 2)) {
            for (Path below : all.toList()) {
                deleteContainers(runtimeState(below));
                deleteContainers(below.resolve("runc"));
                deleteContainers(below.resolve("runtime-runc/plugins.moby")); // dockerd's
            }
        }
        Mounts.unmountBelow(folder);
        FileTrees.remove(folder);
        traces.remove();
        OpenPlaces.closed(this);
    }

    private static void deleteContainers(Path state) throws IOException {
        if (!Files.isDirectory(state)) {
            return;
        }
        try (Stream<Path> containers = Files.list(state)) {
            for (Path container : containers.toList()) {
                deleteContainer(state, String.valueOf(container.getFileName()));
            }
        }
    }

    private static void deleteContainer(Path state, String id) throws IOException {
        List<String> line = List.of(Programs.runc(), "--root", state.toString(), "delete", "--force", id);
        Process process = new ProcessBuilder(line).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("container " + id + " cannot be deleted");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while deleting container " + id, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
