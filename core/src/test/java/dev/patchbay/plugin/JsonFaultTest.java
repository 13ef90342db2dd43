package dev.patchbay.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFaultTest {
    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\"", "{\"a\":", "{\"a\":[1", "\"a"})
    void saysThatTextIsCutOff(String json) {
        assertThat(refusal(json)).endsWith("it ends in the middle of a value");
    }

    @Test
    void saysThatTextIsTooDeepWithoutNamingSwitchesOfTheParser() {
        assertThat(refusal("[".repeat(10_000))).contains("nested too deeply").doesNotContain("Stream", "get");
    }

    @Test
    void quotesWhatElseIsWrong() {
        assertThat(refusal("{x")).contains("line 1, column 2", "'x'");
    }

    private static String refusal(String json) {
        return String.valueOf(assertThatExceptionOfType(InvalidPluginConfigException.class)
                .isThrownBy(() -> GoJson.read(json.getBytes(StandardCharsets.UTF_8)))
                .actual()
                .getMessage());
    }
}
