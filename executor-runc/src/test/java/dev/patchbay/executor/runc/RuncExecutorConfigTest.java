package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuncExecutorConfigTest {
    @Test
    void defaultsAreUsable() {
        RuncExecutorConfig config = RuncExecutorConfig.of(_ -> {});
        assertThat(config.execRoot()).isEqualTo(Path.of("/run/patchbay/plugins"));
        assertThat(config.logRoot()).isEqualTo(Path.of("/run/patchbay/plugins/.patchbay/logs"));
        assertThat(config.defaultRuntime()).isEqualTo("runc");
        assertThat(config.startParallelism()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void refusesAnExecRootTooLongForSocketsWithLengthAndRemedy() {
        String longest = "/" + "x".repeat(38);
        assertThat(RuncExecutorConfig.of(it -> it.execRoot(Path.of(longest))).execRoot()).isAbsolute();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuncExecutorConfig.of(it -> it.execRoot(Path.of(longest + "x"))))
                .withMessageContaining("1 bytes too long")
                .withMessageContaining("choose a shorter path");
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuncExecutorConfig.of(it -> it.defaultRuntime("nope")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuncExecutorConfig.of(it -> it.startParallelism(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuncExecutorConfig.of(it -> it.execRoot(Path.of("x"))));
        assertThatIllegalArgumentException().isThrownBy(() -> RuntimeProgram.at(Path.of("runc")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuncExecutorConfig.of(
                        it -> it.runtime("../x", RuntimeProgram.at(Path.of("/x")))));
    }

    @Test
    void cgroupPathsThatAreNoneOfOursAreLeftAlone() {
        assertThat(Cgroups.removable("/patchbay/1")).isTrue();
        for (String bad : List.of("/", "patchbay/1", "/patchbay/..", "/patchbay/../x", "system.slice:x:y")) {
            assertThat(Cgroups.removable(bad)).as(bad).isFalse();
        }
    }

    @Test
    void dialsAtOnceThenSlowerUpToALimit() {
        assertThat(Dialer.delayAfter(0)).isEqualTo(Duration.ofMillis(1));
        assertThat(Dialer.delayAfter(1)).isEqualTo(Duration.ofNanos(1_250_000));
        assertThat(Dialer.delayAfter(50)).isEqualTo(Duration.ofMillis(50));
        assertThat(Dialer.delayAfter(Long.MAX_VALUE)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void recordsComeBackAsTheyWereWritten(@TempDir Path bundle) throws Exception {
        var places = new ContainerRecord.Places(Optional.of(Path.of("/p m")), Optional.of("/patchbay/1"));
        var making = new ContainerRecord.Making(
                "boot", "runc", Path.of("/r f"), places, new LogPlace(2, 77));
        var intent = new ContainerRecord(
                dev.patchbay.executor.RuntimeExecutorContract.PLUGIN, 3, making, Optional.empty());
        var monitor = Optional.of(new ProcessIdentity(12, 34));
        var process = new ProcessIdentity(56, 78);
        for (var record : List.of(
                intent,
                intent.with(new ContainerRecord.Life(monitor, process, false)),
                intent.with(new ContainerRecord.Life(monitor, process, true)),
                intent.with(new ContainerRecord.Life(Optional.empty(), process, true)))) {
            record.write(bundle);
            assertThat(ContainerRecord.read(bundle)).contains(record);
        }
        assertThat(ContainerRecord.read(bundle.resolve("none"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "{\"generation\":3}", "{\"plugin\":\"../x\",\"generation\":3}",
                    "{\"plugin\":\"ID\"}", "{\"plugin\":\"ID\",\"generation\":0}",
                    "{\"plugin\":\"ID\",\"generation\":\"three\"}",
                    "{\"plugin\":\"ID\",\"generation\":3,\"rootfs\":\"a\\u0000b\"}"})
    void aDamagedRecordIsNone(String text, @TempDir Path bundle) throws Exception {
        String id = dev.patchbay.executor.RuntimeExecutorContract.PLUGIN.hex();
        Files.writeString(Layout.record(bundle), text.replace("ID", id));
        assertThat(ContainerRecord.read(bundle)).isEmpty();
    }

    @Test
    void aProcessIsKnownByItsStartToo() throws IOException {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        assertThat(self.alive()).isTrue();
        var impostor = new ProcessIdentity(self.pid(), self.startTicks() + 1);
        assertThat(impostor.alive()).isFalse();
        assertThat(impostor.signal(dev.patchbay.executor.Signal.TERM)).isFalse();
    }
}
