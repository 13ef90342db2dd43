package dev.patchbay.benchmarks.enable;

import dev.patchbay.benchmarks.measure.Programs;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.syscall.Mounts;
import dev.patchbay.testing.FileTrees;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The baseline: the very command lines that the executor uses, from plain {@link ProcessBuilder}s, and nothing else. No
 * engine, no record, no log of ours; bundle, folders and the shared mount are there before the clock runs.
 */
public final class BareContainer implements Startable {
    private static final Pattern CREATED = Pattern.compile("\"(?:data|pid)\": *([0-9]+)");
    private static final long FIRST_PAUSE_MICROS = 1000;
    private static final long LAST_PAUSE_MICROS = 50_000;
    private static final double GROWTH = 1.25;
    private static final long PATIENCE_SECONDS = 30;

    private final PluginId id = PluginId.random(new SecureRandom());
    private final Path folder;
    private final Path bundle;
    private final Path exec;
    private final Path state;
    private final String spec;
    private Optional<Process> monitor = Optional.empty();
    private long pid;

    private BareContainer(Template template, Path folder, Path state) {
        this.folder = folder;
        this.bundle = folder.resolve("bundle");
        this.exec = folder.resolve("x");
        this.state = state;
        this.spec = template.specFor(id, folder, exec);
    }

    /** Makes the folders of one in {@code parent}, a copy of a plugin's container. */
    public static BareContainer like(Template template, Path parent, int number) throws IOException {
        Path state = Files.createDirectories(parent.resolve("runc"));
        Files.createDirectories(parent.resolve("exits"));
        var container = new BareContainer(template, parent.resolve(Integer.toString(number)), state);
        template.copyTo(container.folder);
        return container;
    }

    @Override
    public void prepare() throws IOException {
        FileTrees.remove(bundle);
        FileTrees.remove(exec);
        Files.createDirectories(bundle);
        Files.createDirectories(exec);
        Files.writeString(bundle.resolve("config.json"), spec);
        Path shared = shared();
        Mounts.bind(shared, shared);
        Mounts.makeRecursivelyShared(shared);
    }

    private Path shared() {
        return folder.resolve("propagated-mount");
    }

    @Override
    public void start() throws IOException, InterruptedException {
        create();
        Process start = new ProcessBuilder(runtime("start")).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (start.waitFor() != 0) {
            throw new IOException("runc start failed: " + start.exitValue());
        }
        dial();
    }

    private void create() throws IOException {
        var builder = new ProcessBuilder(monitorLine()).directory(bundle.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(bundle.resolve("conmon.err").toFile());
        builder.environment().put("_OCI_SYNCPIPE", "3");
        Process process = builder.start();
        monitor = Optional.of(process);
        try (BufferedReader reader = process.inputReader()) {
            String line = Optional.ofNullable(reader.readLine()).orElse("");
            Matcher created = CREATED.matcher(line);
            if (!created.find()) {
                throw new IOException("conmon says: " + line);
            }
            pid = Long.parseLong(created.group(1));
        }
    }

    private void dial() throws IOException {
        Path socket = exec.resolve("sample.sock");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        double pause = FIRST_PAUSE_MICROS;
        while (!accepts(socket)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("nobody listens on " + socket);
            }
            LockSupport.parkNanos((long) (1000 * pause));
            pause = Math.min(LAST_PAUSE_MICROS, pause * GROWTH);
        }
    }

    private static boolean accepts(Path socket) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false; // not yet
        }
    }

    private List<String> monitorLine() {
        var line = new ArrayList<>(
                List.of("/bin/sh", "-c", "exec \"$@\" 3>&1 >/dev/null", "sh", Programs.conmon(),
                        "--api-version", "1", "--sync", "-c", id.hex(), "-u", id.hex(), "-n", id.hex()));
        line.addAll(List.of("-r", Programs.runc(), "-b", bundle.toString()));
        for (String argument : global()) {
            line.addAll(List.of("--runtime-arg", argument));
        }
        line.addAll(List.of("-p", bundle.resolve("container.pid").toString(), "--exit-dir",
                String.valueOf(folder.resolveSibling("exits")), "--persist-dir", bundle.toString(),
                "--full-attach", "-l", "k8s-file:" + bundle.resolve("log"), "--log-level", "warning",
                "--no-new-keyring"));
        return line;
    }

    private List<String> runtime(String... verb) {
        var line = new ArrayList<>(List.of(Programs.runc()));
        line.addAll(global());
        line.addAll(List.of(verb));
        line.add(id.hex());
        return line;
    }

    private List<String> global() {
        return List.of("--root", state.toString(), "--log", bundle.resolve("runtime.log").toString(),
                "--log-format", "json");
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        if (monitor.isPresent() && !monitor.get().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the monitor does not end");
        }
        Process delete = new ProcessBuilder(runtime("delete", "--force")).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (delete.waitFor() != 0) {
            throw new IOException("runc delete failed: " + delete.exitValue());
        }
        // The runtime reads the table of mounts: a mount that stayed would make other ways slower.
        Mounts.detachAll(shared());
    }
}
