package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GivenTest {
    @Test
    void joinsWhatFlagsAndFileSay() {
        Given joined = Given.join(
                CommandLineFixture.given("--root", "/a", "--add-runtime", "x=/x"),
                new Given(
                        Map.of(Setting.LOG_LEVEL, List.of("warn")),
                        Map.of("y", new OciRuntime("/y", List.of()))));
        assertThat(joined.one(Setting.ROOT)).contains("/a");
        assertThat(joined.one(Setting.LOG_LEVEL)).contains("warn");
        assertThat(joined.runtimes()).containsOnlyKeys("x", "y");
    }

    @Test
    void refusesWhatBothSayAsDockerdDoes() {
        Given flags = CommandLineFixture.given(
                "-H", "unix:///a", "-H", "unix:///b", "--tlsverify", "--add-runtime", "x=/x");
        var file = new Given(
                Map.of(Setting.HOST, List.of("tcp://127.0.0.1:1"), Setting.TLSVERIFY, List.of("false")),
                Map.of("x", new OciRuntime("/y", List.of())));
        assertThatThrownBy(() -> Given.join(flags, file))
                .hasMessage(
                        "the following directives are specified both as a flag and in the configuration file: "
                                + "hosts: (from flag: [unix:///a, unix:///b], from file: tcp://127.0.0.1:1), "
                                + "tlsverify: (from flag: true, from file: false), runtimes: x; remove one of each");
    }

    @Test
    void doesNotCarryTheConfigFileFlagIntoAConflict() {
        Given flags = CommandLineFixture.given("--config-file", "/c");
        assertThat(Given.join(flags, Given.NOTHING).one(Setting.CONFIG_FILE)).contains("/c");
    }
}
