package dev.patchbay.executor.runc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the kernel has counted of a control group, read from its files as cgroups(7) and the kernel's
 * {@code admin-guide/cgroup-v1} and {@code cgroup-v2.rst} describe them. What is not there, or not counted on this machine,
 * is absent. Blocks, never for long: the files are the kernel's own.
 */
final class GroupUsage {
    private static final int MAX_BYTES = 1 << 14;

    private final List<Path> places;

    /** @param places where the group is in each hierarchy, see {@link Cgroups#places} */
    GroupUsage(List<Path> places) {
        this.places = List.copyOf(places);
    }

    /** How often the kernel has killed a process of the group for lack of memory. */
    OptionalLong outOfMemoryKills() {
        OptionalLong version2 = keyed("memory.events", "oom_kill");
        return version2.isPresent() ? version2 : keyed("memory.oom_control", "oom_kill");
    }

    private OptionalLong keyed(String file, String key) {
        for (Path place : places) {
            for (String line : read(place.resolve(file)).lines().toList()) {
                if (line.startsWith(key + " ")) {
                    return number(line.substring(key.length() + 1));
                }
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException _) {
            return OptionalLong.empty(); // such as "max"
        }
    }

    private static String read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
        } catch (IOException _) {
            return ""; // another hierarchy has it, or nobody
        }
    }
}
