package dev.patchbay.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon that serves Docker's API on a unix socket, in a process of its own: Patchbay's distribution or dockerd. Closing
 * stops it; its files are its {@link Place}'s to remove.
 *
 * @param process the process
 * @param root where it keeps its files
 * @param socket where it listens
 * @param log what it says
 */
public record DaemonHere(Process process, Path root, Path socket, Path log) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final int LAST_LINES = 3;

    /** Starts Patchbay, with further flags; returns when it answers. */
    public static DaemonHere patchbay(Built built, Place place, String javaOptions, String... flags)
            throws IOException {
        var line = new ArrayList<>(List.of(program(built), "serve", "--root", place.root().toString(),
                "--exec-root", place.execRoot().toString(), "--host", "unix://" + place.socket()));
        line.addAll(List.of(flags));
        var builder = new ProcessBuilder(line);
        builder.environment().put("PATCHBAY_JAVA_OPTS", javaOptions);
        return start(builder, place);
    }

    /** Starts a dockerd with its own containerd, apart from the system's: no bridge, no firewall rules; with further flags. */
    public static DaemonHere dockerd(String program, Place place, String... flags) throws IOException {
        Path folder = place.folder();
        Path config = Files.writeString(folder.resolve("daemon.json"), "{}"); // not the system's
        var line = new ArrayList<>(List.of(program, "--data-root", place.root().toString(), "--exec-root",
                place.execRoot().toString(), "-H", "unix://" + place.socket(), "--pidfile",
                folder.resolve("pid").toString(), "--config-file", config.toString(),
                "--bridge=none", "--iptables=false", "--ip6tables=false"));
        line.addAll(List.of(flags));
        var builder = new ProcessBuilder(line);
        // It looks for its runtime along the path: that is to be the one that all others are measured with.
        builder.environment()
                .merge("PATH", String.valueOf(Path.of(Programs.runc()).getParent()),
                        (all, first) -> first + ":" + all);
        return start(builder, place);
    }

    /** Where the distribution's program is. */
    public static String program(Built built) {
        return built.distribution().resolve("bin/patchbay").toAbsolutePath().toString();
    }

    /** In a session of its own: Control-C is for this program, which then stops the daemon. */
    private static DaemonHere start(ProcessBuilder builder, Place place) throws IOException {
        builder.command().addFirst("setsid");
        Path log = place.folder().resolve("log");
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile())
                .start();
        var daemon = new DaemonHere(process, place.root(), place.socket(), log);
        try {
            daemon.awaitPing();
            return daemon;
        } catch (IOException e) {
            daemon.close();
            throw e;
        }
    }

    /** How much of a processor it has used. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** How it ended by itself, and what it said last; empty if it has not. */
    public Optional<String> ended() throws IOException, InterruptedException {
        if (!process.waitFor(1, TimeUnit.SECONDS)) {
            return Optional.empty();
        }
        List<String> said = Files.readAllLines(log);
        return Optional.of("ended with " + process.exitValue() + "; the last it said: "
                + String.join("\n", said.subList(Math.max(0, said.size() - LAST_LINES), said.size())));
    }

    private void awaitPing() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!pings()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IOException("the daemon does not answer:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private boolean pings() {
        try (var http = UnixHttp.connect(socket)) {
            return http.get("/_ping").status() == 200;
        } catch (IOException _) {
            return false; // not yet
        }
    }

    /** Runs the docker client against it; returns what it printed. */
    public String docker(String... arguments) throws IOException, InterruptedException {
        var line = new ArrayList<>(
                List.of(Programs.docker(), "--config", log.resolveSibling("client").toString(),
                        "--host", "unix://" + socket));
        line.addAll(List.of(arguments));
        Process client = new ProcessBuilder(line).redirectErrorStream(true).start();
        client.getOutputStream().close();
        String printed = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (client.waitFor() != 0) {
            throw new IOException(
                    String.join(" ", line) + " ended with " + client.exitValue() + ":\n" + printed);
        }
        return printed;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the daemon did not stop on TERM");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while the daemon stops", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
