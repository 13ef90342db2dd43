package dev.patchbay.web.daemon;

import dev.patchbay.syscall.Mounts;
import dev.patchbay.web.DockerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/**
 * A dockerd of its own: data root, exec root, containerd and socket in one folder, no network. Apart from the system's,
 * if there is one. Ended and cleaned up by closing.
 */
final class DockerdProcess implements AutoCloseable {
    /** Where it has a folder for each plugin that runs, whatever its exec root is. */
    static final Path SOCKETS = Path.of("/run/docker/plugins");

    private static final int PATIENCE_SECONDS = 60;

    private final Path folder;
    private final Process process;
    private final DockerCommand docker;

    private DockerdProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.docker = new DockerCommand(folder, folder.resolve("d"));
    }

    /** Where the program is, if it is installed. */
    static Path program() {
        return Stream.of("/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/usr/bin/dockerd"));
    }

    /** Where it keeps plugins. */
    static Path plugins(Path folder) {
        return folder.resolve("docker/plugins");
    }

    /** Starts one in a folder, on what an earlier one left there, and waits until it answers. */
    static DockerdProcess start(Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("daemon.json"), "{}"); // not the system's
        Files.deleteIfExists(folder.resolve("pid")); // of one that was killed; its number may be another process's
        Process process = new ProcessBuilder(program().toString(), "--data-root", folder + "/docker",
                "--exec-root", folder + "/e", "-H", "unix://" + folder + "/d", "--pidfile", folder + "/pid",
                "--config-file", config.toString(), "--bridge=none", "--iptables=false", "--ip6tables=false")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("dockerd.log").toFile()))
                .start();
        var started = new DockerdProcess(folder, process);
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .failFast("dockerd has ended", () -> !process.isAlive())
                    .until(() -> started.docker.run("version").code() == 0);
            return started;
        } catch (TerminalFailureException | ConditionTimeoutException e) {
            started.close();
            throw new AssertionError(started.log(), e);
        }
    }

    /** The unmodified client, pointed at it. */
    DockerCommand docker() {
        return docker;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as an operator does. */
    void stop() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException e) {
            throw new AssertionError("dockerd does not end:\n" + log(), e);
        }
    }

    /** Kills it; its containerd dies with it, the containers go on. */
    void kill() throws IOException {
        process.destroyForcibly();
        awaitEnd();
        Path containerd = folder.resolve("e/containerd/containerd.pid");
        if (Files.exists(containerd)) {
            end(Long.parseLong(Files.readString(containerd).strip()));
        }
    }

    /** The monitors of its containers. */
    List<ProcessHandle> shims() {
        return ProcessHandle.allProcesses().filter(this::isShim).toList();
    }

    private boolean isShim(ProcessHandle candidate) {
        try {
            String line = Files.readString(Path.of("/proc/" + candidate.pid() + "/cmdline"));
            return line.contains("containerd-shim") && line.contains(folder + "/e/");
        } catch (IOException _) {
            return false; // it has ended
        }
    }

    /** Kills containers and their monitors. */
    void killContainers() {
        for (ProcessHandle shim : shims()) {
            List<ProcessHandle> containers = shim.descendants().toList();
            end(shim.pid());
            containers.forEach(container -> end(container.pid()));
        }
    }

    private static void end(long pid) {
        ProcessHandle.of(pid).ifPresent(running -> {
            running.destroyForcibly();
            Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> !running.isAlive());
        });
    }

    String log() {
        try {
            return Files.readString(folder.resolve("dockerd.log"));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                stop();
            }
        } finally {
            kill();
            killContainers();
            Mounts.unmountBelow(folder);
        }
    }
}
