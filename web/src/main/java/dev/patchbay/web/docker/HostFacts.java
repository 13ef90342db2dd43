package dev.patchbay.web.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine, as {@code docker info} shows it.
 *
 * @param name its host name
 * @param kernel the kernel's release
 * @param system the distribution's name for people
 * @param architecture as Go calls it, {@code amd64}
 * @param machine as the kernel calls it, {@code x86_64}
 * @param cpus how many processors
 * @param memoryBytes how much memory
 * @param cgroupVersion {@code 2} if all controllers are in one hierarchy, else {@code 1}
 */
public record HostFacts(
        String name,
        String kernel,
        String system,
        String architecture,
        String machine,
        int cpus,
        long memoryBytes,
        String cgroupVersion) {
    private static final Logger LOG = LoggerFactory.getLogger(HostFacts.class);
    private static final String PRETTY_NAME = "PRETTY_NAME="; // os-release(5)
    private static final Pattern MEMORY = Pattern.compile("MemTotal: *([0-9]{1,15}) kB"); // proc_meminfo(5)
    private static final int KIBI = 1024;

    /** Only the root of a hierarchy of version 2 has it (cgroups(7)); a hybrid one has its root in a folder below. */
    private static final String CONTROLLERS = "sys/fs/cgroup/cgroup.controllers";

    /** Looks at this machine. Blocking; for start-up. Asks nobody for names: that may hang where DNS does. */
    public static HostFacts ofThisMachine() {
        return below(Path.of("/"));
    }

    /** What the files of a machine say; what cannot be read is left out. */
    static HostFacts below(Path root) {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return new HostFacts(
                lines(root.resolve("proc/sys/kernel/hostname")).findFirst().orElse(""),
                System.getProperty("os.version", ""),
                lines(root.resolve("etc/os-release"))
                        .filter(line -> line.startsWith(PRETTY_NAME))
                        .map(line -> line.substring(PRETTY_NAME.length()).replace("\"", ""))
                        .findFirst()
                        .orElse("Linux"),
                arch.equals("aarch64") ? "arm64" : arch, arch.equals("amd64") ? "x86_64" : arch,
                Runtime.getRuntime().availableProcessors(),
                lines(root.resolve("proc/meminfo"))
                        .map(MEMORY::matcher)
                        .filter(Matcher::matches)
                        .mapToLong(found -> Long.parseLong(found.group(1)) * KIBI)
                        .findFirst()
                        .orElse(0),
                Files.exists(root.resolve(CONTROLLERS)) ? "2" : "1");
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            LOG.debug("{} cannot be read; its facts are not shown", file, e);
            return Stream.empty();
        }
    }
}
