package dev.patchbay.oci;

import dev.patchbay.limits.SeccompHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine we run on. Calls read files, so callers stay off event loops. */
public final class LinuxHost implements HostFacts {

    /** The most devices below one folder. */
    public static final int MAX_DEVICES = 4096;

    private static final int MAX_DEPTH = 16;
    private static final Path CPUS = Path.of("/sys/devices/system/cpu");

    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private volatile @Nullable List<String> throttles;
    private volatile @Nullable SeccompHost seccomp;
    private final Consumer<String> tell;
    private volatile @Nullable Boolean swap;

    /** Tells nobody what this machine lacks. */
    public LinuxHost() {
        this(_ -> {});
    }

    /**
     * Makes one.
     *
     * @param tell is told, once, in a sentence, of what this machine lacks and plugins can do without
     */
    public LinuxHost(Consumer<String> tell) {
        this.tell = tell;
    }

    @Override
    public List<DeviceNode> devices(String path) {
        try {
            Path real = Path.of(path).toRealPath();
            List<DeviceNode> found = Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)
                    ? below(real, path)
                    : read(real).map(node -> List.of(node.at(path))).orElse(List.of());
            if (found.isEmpty()) {
                throw new InvalidSpecException(gathering(path) + "not a device node, and no folder with one");
            }
            return found;
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidSpecException(gathering(path) + "no such file, or not readable", e);
        }
    }

    /** {@inheritDoc} Looked for once, as by moby ({@code oci.defaultMaskedPaths}). */
    @Override
    public List<String> thermalThrottlePaths() {
        List<String> known = throttles;
        return known == null ? findThrottles() : known;
    }

    private List<String> findThrottles() {
        var paths = new ArrayList<String>();
        try (DirectoryStream<Path> cpus = Files.newDirectoryStream(CPUS, "cpu[0-9]*")) {
            for (Path cpu : cpus) {
                Path file = cpu.resolve("thermal_throttle");
                if (Files.exists(file)) {
                    paths.add(file.toString());
                }
            }
        } catch (NoSuchFileException _) {
            // as in some virtual machines: then there is nothing to hide either
        } catch (IOException | DirectoryIteratorException _) {
            return List.of(); // for now
        }
        List<String> found = paths.stream().sorted().toList();
        throttles = found;
        return found;
    }

    /** {@inheritDoc} Read once: neither changes while the machine runs. */
    @Override
    public SeccompHost seccompHost() {
        SeccompHost known = seccomp;
        if (known == null) {
            known = readSeccompHost();
            seccomp = known;
        }
        return known;
    }

    private static SeccompHost readSeccompHost() {
        try {
            String release = Files.readString(RELEASE);
            return new SeccompHost(SeccompHost.architecture(System.getProperty("os.arch", "")),
                    SeccompHost.Kernel.ofRelease(release)
                            .orElseThrow(() -> new InvalidSpecException(
                                    "the kernel's version cannot be told from \"" + release.strip()
                                            + "\", and a seccomp profile depends on it")));
        } catch (IOException e) {
            throw new InvalidSpecException(
                    "the kernel's version cannot be read from " + RELEASE
                            + ", and a seccomp profile depends on it",
                    e);
        }
    }

    /** {@inheritDoc} Looked for once, and told if it does not. */
    @Override
    public boolean limitsSwap() {
        Boolean known = swap;
        if (known == null) {
            known = countsSwap(CGROUPS);
            swap = known;
            if (!known) {
                tell.accept(
                        "this kernel does not count the swap of control groups, so memory limits of plugins hold for"
                                + " memory alone; if the machine swaps, start it with swapaccount=1");
            }
        }
        return known;
    }

    private static List<DeviceNode> below(Path real, String path) throws IOException {
        var found = new ArrayList<DeviceNode>();
        try (Stream<Path> tree = Files.walk(real, MAX_DEPTH)) {
            for (Path file : (Iterable<Path>) tree.sorted()::iterator) {
                read(file).map(node -> node.at(Path.of(path).resolve(real.relativize(file)).toString()))
                        .ifPresent(found::add);
                if (found.size() > MAX_DEVICES) {
                    throw new InvalidSpecException(
                            gathering(path) + "more than " + MAX_DEVICES + " devices below it");
                }
            }
        }
        return found;
    }

    private static Optional<DeviceNode> read(Path file) throws IOException {
        Map<String, Object> stat = Files.readAttributes(file, "unix:mode,rdev,uid,gid",
                LinkOption.NOFOLLOW_LINKS);
        int mode = number(stat, "mode").intValue();
        long device = number(stat, "rdev").longValue();
        return type(mode)
                .map(type -> new DeviceNode(file.toString(), type, major(device), minor(device), mode & 0xFFF,
                        number(stat, "uid").longValue(), number(stat, "gid").longValue()));
    }

    private static Number number(Map<String, Object> stat, String name) {
        return stat.get(name) instanceof Number number ? number : 0;
    }

    /** The file type bits of {@code st_mode}, see inode(7). */
    private static Optional<DeviceNode.Type> type(int mode) {
        return switch (mode & 0xF000) {
            case 0x6000 -> Optional.of(DeviceNode.Type.BLOCK);
            case 0x2000 -> Optional.of(DeviceNode.Type.CHARACTER);
            case 0x1000 -> Optional.of(DeviceNode.Type.FIFO);
            default -> Optional.empty();
        };
    }

    /** As glibc's {@code gnu_dev_major}. */
    static long major(long device) {
        return ((device >>> 8) & 0xFFF) | ((device >>> 32) & 0xFFFF_F000L);
    }

    /** As glibc's {@code gnu_dev_minor}. */
    static long minor(long device) {
        return (device & 0xFF) | ((device >>> 12) & 0xFFFF_FF00L);
    }

    /**
     * Whether the kernel counts what control groups have swapped, an option of its build and of its command line: looks for the
     * files that would limit it. Blocks.
     *
     * @param cgroups where control groups are mounted
     */
    static boolean countsSwap(Path cgroups) {
        if (Files.exists(cgroups.resolve("memory/memory.limit_in_bytes"))) { // cgroups(7), version 1
            return Files.exists(cgroups.resolve("memory/memory.memsw.limit_in_bytes"));
        }
        return isInVersion2(cgroups);
    }

    // There the group at the top has no limits. Where no other one can be asked there is no harm in trying: a runtime
    // passes over a limit of 0 for swap that the kernel does not know.
    private static boolean isInVersion2(Path cgroups) {
        boolean asked = false;
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(cgroups)) {
            for (Path group : groups) {
                if (Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)
                        && Files.exists(group.resolve("memory.max"))) {
                    if (Files.exists(group.resolve("memory.swap.max"))) {
                        return true;
                    }
                    asked = true;
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return true;
        }
        return !asked;
    }

    private static String gathering(String path) {
        return "error gathering device information while adding custom device \"" + path + "\": ";
    }
}
