package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which containers runc has nothing more to do for, by states as it writes them. */
class RuncStateTest {
    private static final String GROUP = "/patchbay/" + PLUGIN.hex();
    private static final ProcessIdentity ENDED = new ProcessIdentity(4_194_304 + 7, 123);

    @TempDir
    Path folder = Path.of("/");

    private final Cgroups cgroups = new Cgroups(List.of(Path.of("/cg/memory"), Path.of("/cg/pids")));

    @BeforeEach
    void aPlainState() throws IOException {
        write(plain());
    }

    private static String plain() {
        return """
                {"id":"%s","init_process_pid":%d,"init_process_start":%d,"rootless":false,"intel_rdt_path":"",
                 "cgroup_paths":{"memory":"/cg/memory%s","pids":"/cg/pids%s"},
                 "config":{"Hooks":{"prestart":[{"path":"/hook"}],"poststop":null}}}
                """.formatted(PLUGIN.hex(), ENDED.pid(), ENDED.startTicks(), GROUP, GROUP);
    }

    private void write(String state) throws IOException {
        Files.writeString(folder.resolve("state.json"), state);
    }

    private static ContainerRecord record(ProcessIdentity process, String boot, Optional<String> group) {
        var places = new ContainerRecord.Places(Optional.empty(), group);
        var making = new ContainerRecord.Making(boot, "runc", Path.of("/rootfs"), places, new LogPlace(1, 0));
        return new ContainerRecord(PLUGIN, 1, making,
                Optional.of(new ContainerRecord.Life(Optional.empty(), process, true)));
    }

    private boolean isAllThereIs() throws IOException {
        return RuncState.isAllThereIs(folder, record(ENDED, ProcessIdentity.bootId(), Optional.of(GROUP)),
                cgroups);
    }

    @Test
    void aPlainContainerThatHasEndedHasNothingMore() throws IOException {
        assertThat(isAllThereIs()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"poststop\":null                  | \"poststop\":[{\"path\":\"/hook\"}]",
            "\"intel_rdt_path\":\"\"            | \"intel_rdt_path\":\"/sys/fs/resctrl/it\"",
            "\"rootless\":false                 | \"rootless\":true",
            "\"rootless\":false,                | ''",
            "/cg/pids/patchbay/                 | /cg/pids/elsewhere/",
            "\"cgroup_paths\"                   | \"groups\"",
            "\"init_process_start\":123         | \"init_process_start\":124",
            "\"init_process_pid\":4194311       | \"init_process_pid\":1",
            "\"id\":\"                           | \"id\":\"other",
            "\"config\"                         | \"configuration\"",
            "\"poststop\":null}}}               | \"postst"
    })
    void whateverElseItsStateTellsIsForTheRuntime(String here, String instead) throws IOException {
        assertThat(plain()).contains(here);
        write(plain().replace(here, instead));
        assertThat(isAllThereIs()).isFalse();
    }

    @Test
    void aFolderOfAnotherRuntimesIsForThatRuntime() throws IOException {
        Files.createFile(folder.resolve("status"));
        assertThat(isAllThereIs()).isFalse();
        Files.delete(folder.resolve("status"));
        Files.delete(folder.resolve("state.json"));
        assertThat(isAllThereIs()).isFalse();
    }

    @Test
    void aLinkIsNoState() throws IOException {
        Path elsewhere = Files.move(folder.resolve("state.json"),
                folder.resolveSibling(folder.getFileName() + "-state"));
        Files.createSymbolicLink(folder.resolve("state.json"), elsewhere);
        assertThat(isAllThereIs()).isFalse();
        Files.delete(elsewhere);
    }

    @Test
    void oneThatRunsOrIsOfAnotherBootOrHasNoGroupOfItsOwnIsForTheRuntime() throws IOException {
        String boot = ProcessIdentity.bootId();
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        write(plain().replace(Long.toString(ENDED.pid()), Long.toString(self.pid()))
                .replace(":" + ENDED.startTicks(), ":" + self.startTicks()));
        assertThat(RuncState.isAllThereIs(folder, record(self, boot, Optional.of(GROUP)), cgroups)).isFalse();
        write(plain());
        assertThat(RuncState.isAllThereIs(folder, record(ENDED, "another", Optional.of(GROUP)), cgroups))
                .isFalse();
        assertThat(RuncState.isAllThereIs(folder, record(ENDED, boot, Optional.empty()), cgroups)).isFalse();
    }
}
