package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.executor.ContainerUsage;
import dev.patchbay.executor.RuntimeExecutorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel counts of control groups, in folders that look like the kernel's on version 1, on 2 and on both. */
class GroupUsageTest {
    private static final String GROUP = "/patchbay/one";
    private static final ContainerRecord RECORD = new ContainerRecord(RuntimeExecutorContract.PLUGIN, 7,
            new ContainerRecord.Making("", "runc", Path.of("/r"),
                    new ContainerRecord.Places(Optional.empty(), Optional.of(GROUP)), new LogPlace(0, 0)),
            Optional.empty());

    @TempDir
    Path folder = Path.of("/");

    private void file(String hierarchy, String group, String name, String text) throws IOException {
        Path place = Files.createDirectories(folder.resolve(hierarchy).resolve(group.substring(1)));
        Files.writeString(place.resolve(name), text);
    }

    private GroupUsage usage(String... hierarchies) {
        return new GroupUsage(new Cgroups(List.of(hierarchies).stream().map(folder::resolve).toList()));
    }

    private static ContainerUsage counted(long cpuNanos, long memory, long pids, long kills) {
        return new ContainerUsage(RuntimeExecutorContract.PLUGIN, 7, OptionalLong.of(cpuNanos),
                OptionalLong.of(memory),
                OptionalLong.of(pids), OptionalLong.of(kills));
    }

    @Test
    void readsVersion1() throws IOException {
        file("cpu", GROUP, "cpuacct.usage", "1500000000\n");
        file("memory", GROUP, "memory.usage_in_bytes", "4096\n");
        file("memory", GROUP, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        file("pids", GROUP, "pids.current", "2\n");
        Files.createDirectories(folder.resolve("unified/patchbay/one"));
        GroupUsage usage = usage("unified", "cpu", "memory", "pids");
        assertThat(usage.of(RECORD, GROUP)).isEqualTo(counted(1_500_000_000, 4096, 2, 3));
        file("pids", GROUP, "pids.current", "5\n");
        assertThat(usage.of(RECORD, GROUP).pids()).as("read anew").hasValue(5);
        assertThat(usage.outOfMemoryKills(GROUP)).hasValue(3);
    }

    @Test
    void readsVersion2() throws IOException {
        file("unified", GROUP, "cpu.stat", "usage_usec 2500\nuser_usec 2000\nsystem_usec 500\n");
        file("unified", GROUP, "memory.current", "8192\n");
        file("unified", GROUP, "memory.events",
                "low 0\nhigh 0\nmax 9\noom 4\noom_kill 2\noom_group_kill 0\n");
        file("unified", GROUP, "pids.current", "1\n");
        assertThat(usage("unified").of(RECORD, GROUP)).isEqualTo(counted(2_500_000, 8192, 1, 2));
    }

    @Test
    void whatIsNotCountedIsAbsent() throws IOException {
        file("memory", GROUP, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n");
        file("memory", GROUP, "memory.usage_in_bytes", "none of your business\n");
        ContainerUsage found = usage("memory", "nowhere").of(RECORD, GROUP);
        assertThat(List.of(found.cpuNanos(), found.memoryBytes(), found.pids(), found.outOfMemoryKills()))
                .containsOnly(OptionalLong.empty());
        assertThat(usage("memory").outOfMemoryKills("/gone")).isEmpty();
    }
}
