package dev.patchbay.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwapAccountingTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"memory/memory.limit_in_bytes, false",
            "memory/memory.limit_in_bytes memory/memory.memsw.limit_in_bytes, true",
            "system.slice/memory.max, false", "system.slice/memory.max system.slice/memory.swap.max, true",
            "cgroup.controllers system.slice/cgroup.procs, true"})
    void isThereWhereTheKernelHasAFileToLimitIt(String files, boolean there, @TempDir Path cgroups)
            throws IOException {
        for (String file : List.of(files.split(" "))) {
            Files.createDirectories(cgroups.resolve(file).getParent());
            Files.createFile(cgroups.resolve(file));
        }
        assertThat(LinuxHost.countsSwap(cgroups)).isEqualTo(there);
    }
}
