package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PATIENCE;
import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Control groups: in folders that look like the kernel's, as it has them on version 1, on 2 and on both; and in each of this
 * machine's hierarchies alone, of whatever version it is.
 */
class CgroupsTest {
    private static final int TERMINATED = 128 + 15;
    private static final String GROUP = SamplePlugin.CGROUP + "/" + PLUGIN.hex();

    @TempDir
    Path folder = Path.of("/");

    private final List<Process> started = new ArrayList<>();

    private Process sleeping() throws IOException {
        Process process = new ProcessBuilder("/bin/sleep", "1000").start();
        started.add(process);
        return process;
    }

    private static ProcessIdentity identity(Process process) throws IOException {
        return ProcessIdentity.of(process.pid()).orElseThrow();
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private void group(String path, Process... members) throws IOException {
        List<String> pids = Stream.of(members).map(member -> Long.toString(member.pid())).toList();
        Files.write(Files.createDirectories(folder.resolve(path)).resolve("cgroup.procs"), pids);
    }

    private Cgroups hierarchies(String... names) {
        return new Cgroups(Stream.of(names).map(folder::resolve).toList());
    }

    @Test
    void knowsMembersOfEachControllersHierarchy() throws IOException {
        Process everywhere = sleeping();
        Process inOneOnly = sleeping();
        group("cpu/top/p", everywhere);
        group("memory/top/p", everywhere, inOneOnly);
        group("memory/top/other", sleeping());
        assertThat(hierarchies("cpu", "memory", "pids").members("/top/p"))
                .containsExactlyInAnyOrder(identity(everywhere), identity(inOneOnly));
    }

    @Test
    void knowsMembersOfGroupsThatAContainerMadeBelowItsOwn() throws IOException {
        Process inner = sleeping();
        group("unified/top/p");
        group("unified/top/p/init.scope", inner);
        assertThat(hierarchies("unified").members("/top/p")).containsExactly(identity(inner));
    }

    @Test
    void doesNotCountWhatHasEnded() throws Exception {
        Process ended = sleeping();
        group("cpu/top/p", ended);
        ended.destroyForcibly().waitFor();
        assertThat(hierarchies("cpu").members("/top/p")).isEmpty();
    }

    @Test
    void hasNoMembersWhereAreOnlyThreads() throws IOException {
        group("unified/top/p/threads");
        makeUnreadable("unified/top/p/threads");
        Files.writeString(folder.resolve("unified/top/p/threads/cgroup.type"), "threaded\n");
        assertThat(hierarchies("unified").members("/top/p")).isEmpty();
    }

    @Test
    void doesNotTakeAGroupForEmptyThatItCannotRead() throws IOException {
        group("cpu/top/p", sleeping());
        makeUnreadable("cpu/top/p");
        assertThatIOException().isThrownBy(() -> hierarchies("cpu").members("/top/p"))
                .withMessageStartingWith("the processes in " + folder + "/cpu/top/p cannot be listed: ");
    }

    // A folder can be opened, and then not be read as a file.
    private void makeUnreadable(String group) throws IOException {
        Path processes = folder.resolve(group).resolve("cgroup.procs");
        Files.deleteIfExists(processes);
        Files.createDirectory(processes);
    }

    @Test
    void findsGroupsByTheirName() throws IOException {
        group("cpu/top/p");
        group("unified/top/p");
        group("unified/elsewhere/p");
        group("unified/top/other");
        group("unified/p");
        assertThat(hierarchies("cpu", "unified").named("p")).containsExactly("/elsewhere/p", "/top/p");
        assertThat(hierarchies("cpu", "unified").all()).containsExactly(
                Map.entry("other", Set.of("/top/other")), Map.entry("p", Set.of("/elsewhere/p", "/top/p")));
    }

    @Test
    void thawsOnBothVersionsAndOnlyWhatIsFrozen() throws IOException {
        group("freezer/top/p");
        group("unified/top/p");
        Path one = Files.writeString(folder.resolve("freezer/top/p/freezer.state"), "FROZEN\n");
        Path two = Files.writeString(folder.resolve("unified/top/p/cgroup.freeze"), "1\n");
        hierarchies("freezer", "unified").thaw("/top/p");
        assertThat(one).content().startsWith("THAWED");
        assertThat(two).content().startsWith("0");
    }

    static Stream<Path> hierarchiesOfThisMachine() throws IOException {
        return Cgroups.ofThisMachine().hierarchies().stream();
    }

    @ParameterizedTest
    @MethodSource("hierarchiesOfThisMachine")
    void endsWhatRunsInAGroupOfOneHierarchy(Path hierarchy) throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: needs root");
        Process member = sleeping();
        var cgroups = new Cgroups(List.of(hierarchy));
        Path inner = hierarchy.resolve(GROUP.substring(1)).resolve("inner");
        try {
            Files.createDirectories(inner);
            putInto(inner, member);
            assertThat(cgroups.members(GROUP)).containsExactly(identity(member));
            end(cgroups, GROUP);
            assertThat(member.waitFor()).isEqualTo(TERMINATED);
            assertThat(inner.getParent()).doesNotExist();
        } finally {
            member.destroyForcibly().waitFor();
            cgroups.remove(SamplePlugin.CGROUP, PATIENCE, List::copyOf);
        }
    }

    private void end(Cgroups cgroups, String group) throws Exception {
        var config = RuncExecutorConfig.of(it -> it.limits(
                new RuncExecutorConfig.StepLimits(PATIENCE, PATIENCE, PATIENCE, PATIENCE)));
        var unrecorded = new Unrecorded(config, new Layout(folder, folder), cgroups);
        // Its root, as that of any process here.
        unrecorded.end(
                new Unrecorded.Place(PLUGIN, group, Optional.empty(), Optional.of(Path.of("/"))));
    }

    private static void putInto(Path group, Process process) {
        try {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
        } catch (IOException e) {
            Assumptions.abort("skipped: this hierarchy wants more settings first: " + e.getMessage());
        }
    }
}
