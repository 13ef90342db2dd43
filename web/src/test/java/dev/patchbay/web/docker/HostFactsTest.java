package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFactsTest {
    @TempDir
    Path root;

    @Test
    void readsWhatTheKernelAndTheDistributionSay() throws IOException {
        write("proc/sys/kernel/hostname", "patch-1\n");
        write("etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        write("proc/meminfo",
                "MemFree:  12 kB\nOtherMemTotal: 7 kB\nMemTotal:       24570176 kB\nMemTotal: 1 kB\n");

        HostFacts facts = HostFacts.below(root);

        assertThat(facts.name()).isEqualTo("patch-1");
        assertThat(facts.system()).isEqualTo("Debian GNU/Linux 12 (bookworm)");
        assertThat(facts.memoryBytes()).isEqualTo(25_159_860_224L);
    }

    @Test
    void tellsTheKernelsOneHierarchyOfControlGroupsFromItsOlderOnes() throws IOException {
        write("sys/fs/cgroup/unified/cgroup.controllers", "");

        assertThat(HostFacts.below(root).cgroupVersion()).as("a hybrid machine").isEqualTo("1");

        write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");

        assertThat(HostFacts.below(root).cgroupVersion()).isEqualTo("2");
    }

    @Test
    void leavesOutWhatCannotBeRead() throws IOException {
        write("proc/meminfo", "MemTotal: much\n");

        HostFacts facts = HostFacts.below(root);

        assertThat(facts.name()).isEmpty();
        assertThat(facts.system()).isEqualTo("Linux");
        assertThat(facts.memoryBytes()).isZero();
    }

    @Test
    void knowsThisMachine() {
        HostFacts facts = HostFacts.ofThisMachine();

        assertThat(facts.name()).isNotEmpty();
        assertThat(facts.memoryBytes()).isPositive();
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
