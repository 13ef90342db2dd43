package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.Json;
import dev.patchbay.web.RequiresDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What flags of a real daemon say that all plugins may use, in a real container, its control groups and its bundle. */
@RequiresRoot
@RequiresDocker
@Timeout(180)
class LimitFlagsIT {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    @Test
    void aDefaultLimitLandsInTheContainerAndInInspect() throws Exception {
        try (var world = DaemonWorld.start("--pids-limit", "20", "--memory-limit", "64m", "--cpu-limit",
                "0.5",
                "--no-new-privileges", "--seccomp-profile", "builtin")) {
            world.ok("plugin", "create", "sample", System.getProperty("patchbay.samplePlugin"));
            world.ok("plugin", "enable", "sample");

            JsonNode limits = Json.mapper().readTree(world.inspect("sample", "{{json .Limits}}"));
            assertThat(limits.get("PidsLimit").intValue()).isEqualTo(20);
            assertThat(limits.get("Memory").intValue()).isEqualTo(64 << 20);

            Path bundle = world.folder().resolve("x/.patchbay/c").resolve(world.inspect("sample", "{{.Id}}"));
            JsonNode spec = Json.mapper().readTree(Files.readString(bundle.resolve("config.json")));
            assertThat(spec.at("/linux/resources/pids/limit").intValue()).isEqualTo(20);
            assertThat(spec.at("/linux/resources/memory/limit").intValue()).isEqualTo(64 << 20);
            assertThat(spec.at("/process/noNewPrivileges").booleanValue()).isTrue();
            assertThat(spec.at("/linux/seccomp/defaultAction").stringValue()).isEqualTo("SCMP_ACT_ERRNO");

            String pid = world.pid("sample", "sample-plugin");
            assertThat(group(pid, "pids", "pids.max")).isEqualTo("20");
            assertThat(Files.readString(Path.of("/proc", pid, "status")))
                    .containsPattern("(?m)^NoNewPrivs:\\s1$")
                    .containsPattern("(?m)^Seccomp:\\s2$");

            world.restart("--pids-limit", "30");
            world.awaitRunning("sample");
            assertThat(group(world.pid("sample", "sample-plugin"), "pids", "pids.max"))
                    .as("of the daemon that runs")
                    .isEqualTo("30");
        }
    }

    /** What the kernel says of a process's control group, of either version (cgroups(7)). */
    private static String group(String pid, String controller, String file) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", pid, "cgroup"))) {
            String[] fields = line.split(":", 3);
            boolean isFirst = List.of(fields[1].split(",")).contains(controller);
            Path top = isFirst ? GROUPS.resolve(controller) : GROUPS;
            Path value = top.resolve(fields[2].substring(1)).resolve(file);
            if ((isFirst || fields[1].isEmpty()) && Files.exists(value)) {
                return Files.readString(value).strip();
            }
        }
        throw new AssertionError("process " + pid + " has no " + file);
    }
}
