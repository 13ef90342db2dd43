package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReloadTest {
    private static final Given BEFORE = CommandLineFixture.given("-l", "info", "--root", "/a",
            "--shutdown-timeout", "5");

    @Test
    void seesNoDifferenceInTheSame() {
        assertThat(Reload.between(BEFORE, BEFORE)).isEqualTo(new Reload(List.of(), List.of(), BEFORE));
    }

    @Test
    void appliesLevelAndTimeoutAndLeavesTheRestForARestart() {
        Given read = CommandLineFixture.given("-l", "debug", "--root", "/b");
        Reload reload = Reload.between(BEFORE, read);
        assertThat(reload.applied()).containsExactly(Setting.LOG_LEVEL, Setting.SHUTDOWN_TIMEOUT);
        assertThat(reload.needsRestart()).containsExactly(Setting.ROOT);
        assertThat(reload.now()).isEqualTo(CommandLineFixture.given("-l", "debug", "--root", "/a"));
    }

    @Test
    void namesTheRestAgainAtTheNextReload() {
        Given read = CommandLineFixture.given("-l", "info", "--root", "/b", "--shutdown-timeout", "5");
        Reload first = Reload.between(BEFORE, read);
        assertThat(Reload.between(first.now(), read).needsRestart()).containsExactly(Setting.ROOT);
    }

    @Test
    void leavesRuntimesForARestart() {
        var read = new Given(BEFORE.texts(), Map.of("x", new OciRuntime("/x", List.of())));
        assertThat(Reload.between(BEFORE, read).needsRestart()).containsExactly(Setting.ADD_RUNTIME);
    }
}
