package dev.patchbay.web.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A daemon in a process of its own, on a private folder under a short path; ended and cleaned up by closing. */
public final class DaemonProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Path errors;
    private final Process process;
    private final BufferedReader output;

    private DaemonProcess(Path errors, Process process) {
        this.errors = errors;
        this.process = process;
        this.output = process.inputReader();
    }

    /** The flags for root, exec root and socket in a folder. */
    static List<String> places(Path folder) {
        return List.of("--root", folder + "/r", "--exec-root", folder + "/x", "--host",
                "unix://" + folder + "/s");
    }

    /** Starts {@code patchbay serve} in a folder with more flags. */
    public static DaemonProcess start(Path folder, String... more) throws IOException {
        List<String> flags = new ArrayList<>(places(folder));
        flags.addAll(Arrays.asList(more));
        return startWith(folder, flags);
    }

    /** Starts {@code patchbay serve} with these flags alone. */
    static DaemonProcess startWith(Path folder, List<String> flags) throws IOException {
        // Which becomes Java; in the background a shell has these signals ignored.
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT,HUP"));
        command.addAll(DaemonClasses.command());
        command.add("serve");
        command.addAll(flags);
        Path errors = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        return new DaemonProcess(errors, process);
    }

    /** Waits for the ready line; fails with what was logged if it does not come. */
    public String awaitReady() throws IOException {
        return Optional.ofNullable(output.readLine())
                .orElseThrow(() -> new AssertionError("not ready:\n" + log()));
    }

    /** Waits for the end. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end:\n" + log());
        }
        return process.exitValue();
    }

    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/kill", "-s", name, Long.toString(process.pid())).inheritIO()
                .start()
                .waitFor();
    }

    public long pid() {
        return process.pid();
    }

    /** What it has written to stderr so far. */
    public String log() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            process.destroyForcibly().onExit().join();
        } catch (InterruptedException | ExecutionException e) {
            process.destroyForcibly();
            throw new IllegalStateException("the daemon could not be waited for", e);
        }
        output.close();
    }
}
