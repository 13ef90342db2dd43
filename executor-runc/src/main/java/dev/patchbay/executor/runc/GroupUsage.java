package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What the kernel has counted of control groups, read from their files as cgroups(7) and the kernel's
 * {@code admin-guide/cgroup-v1} and {@code cgroup-v2.rst} describe them. What is not there, or not counted on this machine,
 * is absent. Blocks, never for long: the files are the kernel's own.
 */
final class GroupUsage {
    private static final int MAX_BYTES = 1 << 14;

    /** What is counted, and where: in which file of version 1, and of version 2, and after which word in it. */
    private enum Count {
        CPU_NANOS("cpuacct.usage", "", "", ""), CPU_MICROS("", "", "cpu.stat", "usage_usec"), MEMORY(
                "memory.usage_in_bytes", "", "memory.current", ""), PIDS("pids.current", "", "pids.current",
                        ""), OOM_KILLS("memory.oom_control", "oom_kill", "memory.events", "oom_kill");

        private final String file1;
        private final String key1;
        private final String file2;
        private final String key2;

        Count(String file1, String key1, String file2, String key2) {
            this.file1 = file1;
            this.key1 = key1;
            this.file2 = file2;
            this.key2 = key2;
        }
    }

    /** In which hierarchy a count was found, and in which file there. */
    private record Found(int hierarchy, String file, String key) {}

    private final Cgroups cgroups;
    private final Map<Count, Found> found = new ConcurrentHashMap<>();

    GroupUsage(Cgroups cgroups) {
        this.cgroups = cgroups;
    }

    /** How often the kernel has killed a process of the group for lack of memory. */
    OptionalLong outOfMemoryKills(String group) {
        return read(Count.OOM_KILLS, cgroups.places(group));
    }

    /** All of a container's group. */
    ContainerUsage of(ContainerRecord container, String group) {
        List<String> places = cgroups.places(group);
        OptionalLong nanos = read(Count.CPU_NANOS, places);
        if (nanos.isEmpty()) {
            OptionalLong micros = read(Count.CPU_MICROS, places);
            nanos = micros.isPresent()
                    ? OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(micros.getAsLong()))
                    : OptionalLong.empty();
        }
        return new ContainerUsage(container.plugin(), container.generation(), nanos,
                read(Count.MEMORY, places),
                read(Count.PIDS, places), read(Count.OOM_KILLS, places));
    }

    private OptionalLong read(Count count, List<String> places) {
        Found known = found.get(count);
        if (known == null) {
            Optional<Found> first = find(count, places);
            first.ifPresent(it -> found.put(count, it)); // the same for all groups of this machine
            known = first.orElse(null);
        }
        return known == null
                ? OptionalLong.empty()
                : number(text(Path.of(places.get(known.hierarchy()), known.file())), known.key());
    }

    private static Optional<Found> find(Count count, List<String> places) {
        for (int i = 0; i < places.size(); i++) {
            if (!count.file1.isEmpty()
                    && number(text(Path.of(places.get(i), count.file1)), count.key1).isPresent()) {
                return Optional.of(new Found(i, count.file1, count.key1));
            }
            if (!count.file2.isEmpty()
                    && number(text(Path.of(places.get(i), count.file2)), count.key2).isPresent()) {
                return Optional.of(new Found(i, count.file2, count.key2));
            }
        }
        return Optional.empty();
    }

    private static OptionalLong number(String text, String key) {
        if (key.isEmpty()) {
            return number(text);
        }
        return text.lines()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> number(line.substring(key.length() + 1)))
                .findFirst()
                .orElseGet(OptionalLong::empty);
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private static String text(Path file) {
        if (!Files.exists(file)) {
            return ""; // another hierarchy has it, or nobody: cheaper than an exception
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
        } catch (IOException _) {
            return ""; // the group is gone
        }
    }
}
