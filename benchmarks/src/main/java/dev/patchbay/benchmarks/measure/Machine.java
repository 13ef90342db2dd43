package dev.patchbay.benchmarks.measure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What a reader must know of the machine to judge a figure. */
public final class Machine {
    private Machine() {}

    /** How busy it is and has been: the three averages of {@code /proc/loadavg} (proc(5)). */
    public static String load() throws IOException {
        String line = Files.readString(Path.of("/proc/loadavg"));
        return String.join(" ", line.split(" ", -1)).replaceFirst("^(\\S+ \\S+ \\S+) .*\\s*$", "$1");
    }

    /** Cores, kernel and Java. */
    public static String describe() {
        return Runtime.getRuntime().availableProcessors() + " cores, Linux "
                + System.getProperty("os.version")
                + ", Java " + Runtime.version();
    }

    /** A port that nobody listens on at the moment. */
    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The resident memory of a process in bytes, as {@code /proc/PID/status} tells it. */
    public static long residentBytes(long pid) throws IOException {
        return status(pid, "VmRSS:");
    }

    /** The most that it was since the process began, or since the peak was reset. */
    public static long residentPeak(long pid) throws IOException {
        return status(pid, "VmHWM:");
    }

    /** How much memory may be used before the machine is short of it, as {@code /proc/meminfo} (proc(5)) estimates it. */
    public static long availableBytes() throws IOException {
        return kibibytes(Path.of("/proc/meminfo"), "MemAvailable:")
                .orElseThrow(() -> new IOException("the kernel does not say how much memory is left"));
    }

    private static long status(long pid, String field) throws IOException {
        return kibibytes(Path.of("/proc", Long.toString(pid), "status"), field)
                .orElseThrow(() -> new IOException("process " + pid + " has no memory any more"));
    }

    private static OptionalLong kibibytes(Path file, String field) throws IOException {
        return Files.readAllLines(file)
                .stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst();
    }
}
