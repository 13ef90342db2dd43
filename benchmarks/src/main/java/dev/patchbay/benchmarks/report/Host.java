package dev.patchbay.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine that was measured on.
 *
 * @param cores that Java may use
 * @param processor its model, as the kernel calls it
 * @param memoryBytes all of it
 * @param kernel the kernel's version
 */
public record Host(int cores, String processor, long memoryBytes, String kernel) {
    private static final String UNKNOWN = "unknown";

    /** This machine, as {@code /proc/cpuinfo} and {@code /proc/meminfo} (proc(5)) describe it. */
    static Host ofThisMachine() throws IOException {
        String memory = field("meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return new Host(Runtime.getRuntime().availableProcessors(), field("cpuinfo", "model name"),
                memory.isEmpty() ? 0 : Long.parseLong(memory) * 1024,
                System.getProperty("os.version", UNKNOWN));
    }

    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", file))
                .stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(UNKNOWN);
    }
}
