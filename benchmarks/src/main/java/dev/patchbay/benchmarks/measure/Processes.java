package dev.patchbay.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Processes that work for one place: those whose command line names its folder. Daemons, monitors and shims are among
 * them, and plugins are not.
 */
public final class Processes {
    private static final long PATIENCE_SECONDS = 10;

    private Processes() {}

    /** Those of a folder that nobody else has. */
    public static List<ProcessHandle> of(Path folder) {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && names(process.pid(), folder))
                .toList();
    }

    private static boolean names(long pid, Path folder) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return new String(line, StandardCharsets.UTF_8).contains(folder + "/");
        } catch (IOException _) {
            return false; // it has ended
        }
    }

    /** The program of a process, as the kernel keeps its name (proc(5), {@code comm}). */
    public static String program(long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip();
    }

    /** The proportional set size of a process, in bytes (proc(5), {@code smaps_rollup}). */
    public static long proportionalBytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))
                .stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IOException("process " + pid + " has no memory any more"));
    }

    /** Ends what still works for a folder: asks, waits, and kills. */
    public static void end(Path folder) {
        end(of(folder), ProcessHandle::destroy);
        end(of(folder), ProcessHandle::destroyForcibly);
    }

    /** Returns when they have ended: they may still write where somebody is about to delete. */
    private static void end(List<ProcessHandle> processes, Consumer<ProcessHandle> way) {
        processes.forEach(way);
        CompletableFuture
                .allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
