package dev.patchbay.executor.runc;

import static dev.patchbay.executor.runc.LimitedWorld.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.Force;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits as the kernel enforces them, with the sample plugin on runc. */
@Tag("runtime")
class PluginLimitsIT {
    private static final int EPERM = 1;
    private static final int EROFS = 30;
    private static final int MOST_FORKS = 256;

    private Path folder = Path.of("/");
    private LimitedWorld world = unmade();

    @SuppressWarnings("NullAway") // made before each test
    private static LimitedWorld unmade() {
        return null;
    }

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    /** The runtime, and what it takes. */
    void configure(RuncExecutorConfig.Builder builder, Path work) {}

    @BeforeEach
    void open() throws IOException, InterruptedException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
        world = new LimitedWorld(folder, PluginLimits.NONE, builder -> configure(builder, folder));
        world.create("sample");
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        assertThat(Machine.leftovers(folder)).isEmpty();
    }

    private PluginView view() {
        return world.plugins.inspect("sample").blockOptional(PATIENCE).orElseThrow();
    }

    @Test
    void nothingIsLimitedThatDockerDoesNotLimit() throws IOException {
        world.enable("sample", "{}");
        assertThat(world.probe("sample").rootfs()).isZero();
        assertThat(world.probe("sample").socketFolder()).isZero();
        assertThat(world.probe("sample").noNewPrivileges()).isZero();
        assertThat(world.probe("sample").keyctl()).isNotEqualTo(EPERM);
        assertThat(world.probe("sample").forks()).isEqualTo(MOST_FORKS);
        assertThat(Files.readString(Path.of("/proc/" + pid() + "/status"))).contains("Seccomp:\t0");
        assertThat(world.group("sample", "pids.max")).isEqualTo("max");
    }

    private String pid() throws IOException {
        return world.group("sample", "cgroup.procs").lines().findFirst().orElseThrow();
    }

    @Test
    void whoNeedsMoreMemoryThanItMayIsKilledAndTheStatusAndTheEventSayWhy() throws IOException {
        List<PluginEvent> events = new CopyOnWriteArrayList<>();
        var listening = world.plugins.events().subscribe(events::add);
        world.enable("sample", "{\"memoryBytes\":20971520}");
        assertThat(world.group("sample", "memory.limit_in_bytes", "memory.max")).isEqualTo("20971520");
        world.plugins.lookUp("sample", "dummy")
                .flatMap(use -> use.client().call(PluginCall.of("Sample.Memory").body(200)))
                .onErrorComplete()
                .block(PATIENCE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(view().status().lastExit())
                        .contains(new ExitStatus.Signaled(9, true)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events).anySatisfy(event -> {
                    assertThat(event.type()).isEqualTo(EventType.CRASH);
                    assertThat(event.attributes()).containsEntry("oom", "true").containsEntry("signal", "9");
                }));
        listening.dispose();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(kills()).as("in its last moment").isPositive());
    }

    /** What the metrics have of it. */
    private double kills() {
        return world.plugins.metrics()
                .stream()
                .filter(one -> one.metric() == Metric.PLUGIN_OOM_KILLS)
                .mapToDouble(Reading::value)
                .sum();
    }

    @Test
    void whoLostAChildForLackOfMemoryAndIsKilledByUsLaterDidNotEndForThat() throws Exception {
        world.enable("sample", "{\"memoryBytes\":20971520}");
        world.plugins.lookUp("sample", "dummy")
                .flatMap(use -> use.client().call(PluginCall.of("Sample.ChildMemory").body(200)))
                .block(PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(kills()).isPositive());
        assertThat(view().status().state()).isEqualTo(State.RUNNING);
        // So that it does not hear TERM.
        assertThat(new ProcessBuilder("kill", "-STOP", pid()).inheritIO().start().waitFor()).isZero();
        world.plugins.disable("sample", Force.NO).block(PATIENCE);
        assertThat(view().status().lastExit()).contains(new ExitStatus.Signaled(9, false));
    }

    @Test
    void swapIsNoWayOutOfAMemoryLimit() throws IOException {
        world.enable("sample", "{\"memoryBytes\":20971520}");
        assertThat(world.group("sample", "memory.memsw.limit_in_bytes", "memory.swap.max"))
                .isIn("20971520", "0");
    }

    @Test
    void whoForksWithoutEndIsHeldByItsPidsLimit() throws IOException {
        world.enable("sample", "{\"pids\":20}");
        assertThat(world.probe("sample").forks()).isBetween(1, 19);
        assertThat(world.group("sample", "pids.max")).isEqualTo("20");
        assertThat(view().status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void theCpuLimitIsTheControlGroupsQuota() throws IOException {
        world.enable("sample", "{\"cpus\":0.25}");
        assertThat(world.group("sample", "cpu.cfs_quota_us", "cpu.max")).isIn("25000", "25000 100000");
    }

    @Test
    void theBuiltinProfileDeniesWhatDockersDoes() throws IOException {
        world.enable("sample", "{\"seccomp\":\"builtin\"}");
        assertThat(world.probe("sample").keyctl()).isEqualTo(EPERM);
        assertThat(world.probe("sample").unshare()).isEqualTo(EPERM);
        assertThat(Files.readString(Path.of("/proc/" + pid() + "/status"))).contains("Seccomp:\t2");
    }

    @Test
    void aProfileOfTheOperatorsIsHonoured() {
        world.enable("sample", """
                {"seccomp":{"defaultAction":"SCMP_ACT_ALLOW",
                 "syscalls":[{"names":["keyctl"],"action":"SCMP_ACT_ERRNO","errnoRet":77}]}}""");
        assertThat(world.probe("sample").keyctl()).isEqualTo(77);
    }

    @Test
    void programsGainNoPrivilegesIfTheyAreNotTo() {
        world.enable("sample", "{\"noNewPrivileges\":true}");
        assertThat(world.probe("sample").noNewPrivileges()).isEqualTo(1);
    }

    @Test
    void aReadOnlyRootFileSystemRefusesWritesAndLeavesMountsAndTheSocketFolderWritable() {
        world.enable("sample", "{\"readOnlyRootfs\":true}");
        assertThat(world.probe("sample").rootfs()).isEqualTo(EROFS);
        assertThat(world.probe("sample").socketFolder()).isZero();
        assertThat(world.probe("sample").volumes()).as("the propagated mount").isZero();
    }

    @Test
    void aPluginThatRunsWithOtherLimitsThanTheEngineHasNowIsStartedAnew() {
        world.enable("sample", "{\"memoryBytes\":20971520}");
        world.reopen(PluginLimits.NONE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(view().status().state()).isEqualTo(State.RUNNING));
        assertThat(view().status().generation()).as("nothing has changed").isEqualTo(1);
        world.reopen(LimitedWorld.limits("{\"pids\":30,\"memoryBytes\":41943040}").over(PluginLimits.NONE));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(view().status().generation()).isEqualTo(2);
            assertThat(view().status().state()).isEqualTo(State.RUNNING);
        });
        assertThat(view().limits().pidsMax()).hasValue(30);
        assertThat(view().limits().memoryMaxBytes()).as("its own, read from the disk").hasValue(20971520);
        assertThat(world.probe("sample").forks()).isLessThan(30);
        world.plugins.disable("sample", Force.NO).block(PATIENCE);
    }
}
