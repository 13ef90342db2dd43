package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel counts of a control group, in folders that look like the kernel's on version 1 and on 2. */
class GroupUsageTest {
    @TempDir
    Path folder = Path.of("/");

    private Path group(String name, String file, String text) throws IOException {
        Path group = Files.createDirectories(folder.resolve(name));
        Files.writeString(group.resolve(file), text);
        return group;
    }

    @Test
    void readsVersion1() throws IOException {
        Path memory = group("memory", "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        assertThat(new GroupUsage(List.of(folder.resolve("none"), memory)).outOfMemoryKills()).hasValue(3);
    }

    @Test
    void readsVersion2() throws IOException {
        Path unified = group("unified", "memory.events",
                "low 0\nhigh 0\nmax 9\noom 4\noom_kill 2\noom_group_kill 0\n");
        assertThat(new GroupUsage(List.of(unified)).outOfMemoryKills()).hasValue(2);
    }

    @Test
    void whatIsNotCountedIsAbsent() throws IOException {
        Path old = group("memory", "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n");
        assertThat(new GroupUsage(List.of(old)).outOfMemoryKills()).isEmpty();
        assertThat(new GroupUsage(List.of(folder.resolve("gone"))).outOfMemoryKills()).isEmpty();
    }
}
