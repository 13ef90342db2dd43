package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @Test
    void readsASocketAndAPort() {
        assertThat(Target.parse("unix:///run/patchbay/patchbay.sock"))
                .isEqualTo(new Target.Unix(Path.of("/run/patchbay/patchbay.sock")));
        assertThat(Target.parse("http://127.0.0.1:2375")).isEqualTo(new Target.Tcp("127.0.0.1", 2375));
        assertThat(Target.parse("tcp://host:1/")).isEqualTo(new Target.Tcp("host", 1));
        assertThat(Target.parse("https://host:2376")).isEqualTo(new Target.Tls("host", 2376));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/run/x.sock", "unix://run/x.sock", "unix:///", "http://host", "https://host",
                    "http://host:1/path", "http://ho st:1"})
    void refusesWhatIsNeitherWithASentence(String text) {
        assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "a target is unix:///PATH, http://HOST:PORT or https://HOST:PORT, not ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:///run/x.sock", "http://127.0.0.1:2375", "https://host:2376"})
    void isReadBackFromItsText(String text) {
        assertThat(Target.parse(Target.parse(text).toString())).isEqualTo(Target.parse(text));
    }
}
