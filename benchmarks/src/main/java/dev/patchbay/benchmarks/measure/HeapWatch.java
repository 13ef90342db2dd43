package dev.patchbay.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How far the heap of a JVM in another process fills up, garbage included.
 *
 * <p>Between two collections the heap only fills, so it is fullest right before one; the collector's log has that figure
 * for each. What was used at the beginning, and since the last collection, is asked of the JVM by {@code jcmd}, outside
 * of what is timed. No sampling, so no peak is missed, and nothing that would change the figure.
 */
public final class HeapWatch {
    /** As in {@code GC(4) Pause Young (Allocation Failure) 30M->12M(64M) 3.1ms}, in MiB. */
    private static final Pattern PAUSE = Pattern.compile("([0-9]+)M->([0-9]+)M\\(([0-9]+)M\\)");
    /** As in {@code Tenured total 16384K, used 3815K}, per generation. */
    private static final Pattern USED = Pattern.compile("total [0-9]+K, used ([0-9]+)K");
    private static final long KIB_PER_MIB = 1024;
    private static final double MIB = 1 << 20;

    private final long pid;
    private final Path log;
    private final long skippedLines;
    private final long usedBefore;
    private final double residentBefore;

    private HeapWatch(long pid, Path log, long skippedLines, long usedBefore, double residentBefore) {
        this.pid = pid;
        this.log = log;
        this.skippedLines = skippedLines;
        this.usedBefore = usedBefore;
        this.residentBefore = residentBefore;
    }

    /** The option that the JVM must be started with. */
    public static String option(Path log) {
        return "-Xlog:gc:file=" + log;
    }

    /** Begins to watch. Collects garbage first, so that what is there from before does not pass for growth. */
    public static HeapWatch begin(long pid, Path log) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5"); // the peak begins anew, proc(5)
        return new HeapWatch(pid, log, lines(log).size(), used(pid), Machine.residentPeak(pid));
    }

    /** The most that was used since then, in MiB beyond what was used at the beginning. */
    public double growth() throws IOException, InterruptedException {
        return peak() - usedBefore;
    }

    /** The most that was used since then, in MiB. */
    public double peak() throws IOException, InterruptedException {
        long most = pauses().mapToLong(pause -> Long.parseLong(pause.group(1))).max().orElse(0);
        return Math.max(most, used(pid));
    }

    /** By how many MiB the resident memory was larger at its peak than at the beginning: what is outside the heap too. */
    public double residentGrowth() throws IOException {
        return (Machine.residentPeak(pid) - residentBefore) / MIB;
    }

    private Stream<MatchResult> pauses() throws IOException {
        return lines(log).stream()
                .skip(skippedLines)
                .map(PAUSE::matcher)
                .filter(Matcher::find)
                .map(Matcher::toMatchResult);
    }

    private static List<String> lines(Path log) throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private static long used(long pid) throws IOException, InterruptedException {
        Matcher found = USED.matcher(jcmd(pid, "GC.heap_info"));
        return found.results().mapToLong(used -> Long.parseLong(used.group(1))).sum() / KIB_PER_MIB;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(program, Long.toString(pid), command).redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + " failed: " + printed);
        }
        return printed;
    }
}
