package dev.patchbay.web.docker;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
 */
public record HostFacts(
        String name,
        String kernel,
        String system,
        String architecture,
        String machine,
        int cpus,
        long memoryBytes) {
    private static final Logger LOG = LoggerFactory.getLogger(HostFacts.class);
    private static final Path OS_RELEASE = Path.of("/etc/os-release"); // os-release(5)
    private static final String PRETTY_NAME = "PRETTY_NAME=";

    /** Looks at this machine. Blocking; for start-up. */
    public static HostFacts ofThisMachine() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new HostFacts(hostName(), System.getProperty("os.version", ""), distribution(),
                arch.equals("aarch64") ? "arm64" : arch, arch.equals("amd64") ? "x86_64" : arch,
                Runtime.getRuntime().availableProcessors(), system.getTotalMemorySize());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.debug("this machine's name does not resolve; showing none", e);
            return "";
        }
    }

    private static String distribution() {
        try {
            List<String> lines = Files.readAllLines(OS_RELEASE);
            return lines.stream()
                    .filter(line -> line.startsWith(PRETTY_NAME))
                    .map(line -> line.substring(PRETTY_NAME.length()).replace("\"", ""))
                    .findFirst()
                    .orElse("Linux");
        } catch (IOException e) {
            LOG.debug("{} cannot be read; showing just Linux", OS_RELEASE, e);
            return "Linux";
        }
    }
}
