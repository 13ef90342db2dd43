package dev.patchbay.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static final Call CALL = new Call("p", "VolumeDriver.Get");

    record Volume(String name, Optional<String> mountpoint, Map<String, String> status, List<String> tags,
            int uses) {}

    record Got(Optional<Volume> volume) {}

    record Mount(String name, @JsonProperty("ID") String id, Optional<Map<String, String>> opts) {}

    private static <A> Optional<A> decode(int status, String body, Class<A> type) {
        return new Codec().decode(CALL, new Answer(status, body.getBytes(UTF_8)), type);
    }

    @Test
    void writesNamesAsDockerDoesAndEndsTheLine() {
        assertThat(new String(new Codec().encode(CALL, new Mount("v", "1", Optional.empty())), UTF_8))
                .isEqualTo("{\"Name\":\"v\",\"ID\":\"1\"}\n");
        assertThat(new String(new Codec().encode(CALL, Map.of("any", List.of(1))), UTF_8))
                .isEqualTo("{\"any\":[1]}\n");
    }

    @Test
    void saysWhichCallCannotBeWritten() {
        var endless = new ArrayList<Object>();
        endless.add(endless);
        assertThatThrownBy(() -> new Codec().encode(CALL, endless))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("VolumeDriver.Get");
    }

    @Test
    void readsNamesWithoutRegardToCaseAndPassesOverWhatItDoesNotKnow() {
        var got = decode(200, """
                {"volume": {"NAME": "v", "MountPoint": "/m", "Status": {"a": "b"}, "Tags": ["x"], "Uses": 3},
                 "Other": {}, "Err": ""}
                """, Got.class);
        assertThat(got).contains(new Got(Optional.of(
                new Volume("v", Optional.of("/m"), Map.of("a", "b"), List.of("x"), 3))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}",
            "{\"Name\":null,\"Mountpoint\":null,\"Status\":null,\"Tags\":null,\"Uses\":null}"})
    void readsWhatIsMissingOrNullAsGoDoes(String body) {
        assertThat(decode(200, body, Volume.class))
                .contains(new Volume("", Optional.empty(), Map.of(), List.of(), 0));
    }

    @Test
    @DisplayName("D75: Err of an answer with status 200 is a refusal")
    void doesNotIgnoreErrD75() {
        var refused = catchThrowableOfType(PluginCallException.Refused.class,
                () -> decode(200, "{\"Volume\":{\"Name\":\"v\"},\"err\":\"no such \\nvolume\"}", Got.class));
        assertThat(refused.text()).isEqualTo("no such \nvolume");
        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.plugin()).isEqualTo("p");
        assertThat(refused.method()).isEqualTo("VolumeDriver.Get");
        assertThat(refused).hasMessage("plugin p refuses VolumeDriver.Get: no such volume");
        assertThatThrownBy(() -> decode(200, "{\"Err\":\"no\"}", Void.class))
                .isInstanceOf(PluginCallException.Refused.class);
        assertThatThrownBy(() -> decode(200, "{\"Err\":{\"code\":7}}", Void.class))
                .isInstanceOf(PluginCallException.Refused.class)
                .hasMessageEndingWith(": {\"code\":7}");
    }

    @Test
    void takesTheTextOfAFailureFromErrOrFromTheBody() {
        assertThat(refusal(500, "{\"Err\":\"it broke\"}").text()).isEqualTo("it broke");
        assertThat(refusal(404, "404 page not found\n").text()).isEqualTo("404 page not found");
        assertThat(refusal(500, "{\"message\":\"x\"}").text()).isEqualTo("{\"message\":\"x\"}");
        assertThat(refusal(503, "")).hasMessage("plugin p refuses VolumeDriver.Get: status 503");
        assertThat(refusal(204, "").status()).isEqualTo(204);
        assertThat(refusal(500, "x".repeat(1_000_000)).text()).hasSize(8192);
    }

    private static PluginCallException.Refused refusal(int status, String body) {
        return catchThrowableOfType(PluginCallException.Refused.class, () -> decode(status, body, Got.class));
    }

    @Test
    void nothingIsToBeReadWhereNothingIsExpected() {
        assertThat(decode(200, "", Void.class)).isEmpty();
        assertThat(decode(200, "{}", Void.class)).isEmpty();
        assertThat(decode(200, "{\"Err\":\"\"}", Void.class)).isEmpty();
        assertThat(decode(200, "{\"Err\":null}", Void.class)).isEmpty();
        assertThat(decode(200, "null", Void.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "3", "{", "{}{}", "<html>", "{\"Volume\": 7}", "\u0000\u0001"})
    void saysThatAnAnswerCannotBeRead(String body) {
        assertThatThrownBy(() -> decode(200, body, Got.class))
                .isInstanceOf(PluginCallException.Unreadable.class)
                .hasMessageStartingWith("plugin p answers VolumeDriver.Get with what cannot be read: ");
    }

    /** Kinds of values. */
    record Kinds(boolean flag, Boolean boxed, int whole, long wide, double broken, String text,
            List<String> texts,
            Map<String, Integer> numbers, Optional<Boolean> perhaps) {}

    @ParameterizedTest
    @ValueSource(strings = {"\"Flag\":\"true\"", "\"Flag\":1", "\"Flag\":0", "\"Flag\":\"\"", "\"Flag\":{}",
            "\"Boxed\":\"false\"", "\"Boxed\":1", "\"Boxed\":\"\"", "\"Perhaps\":\"true\"", "\"Perhaps\":1",
            "\"Whole\":1.9", "\"Whole\":1.0", "\"Whole\":\"7\"", "\"Whole\":\"\"", "\"Whole\":true",
            "\"Whole\":3000000000", "\"Wide\":1.9", "\"Wide\":\"7\"", "\"Broken\":\"1.5\"",
            "\"Broken\":false",
            "\"Text\":1", "\"Text\":1.5", "\"Text\":true", "\"Text\":[\"a\"]", "\"Text\":{}",
            "\"Texts\":\"a\"", "\"Texts\":\"\"", "\"Texts\":[1]", "\"Texts\":{}", "\"Numbers\":\"\"",
            "\"Numbers\":[]", "\"Numbers\":{\"a\":\"1\"}", "\"Numbers\":{\"a\":1.5}"})
    void takesNoKindOfValueForAnother(String member) {
        assertThatThrownBy(() -> decode(200, "{" + member + "}", Kinds.class))
                .isInstanceOf(PluginCallException.Unreadable.class);
    }

    @Test
    void takesWholeNumbersForBrokenOnes() {
        var kinds = decode(200, "{\"Broken\":3,\"Wide\":9000000000,\"Perhaps\":true}", Kinds.class)
                .orElseThrow();
        assertThat(kinds.broken()).isEqualTo(3.0);
        assertThat(kinds.wide()).isEqualTo(9_000_000_000L);
        assertThat(kinds.perhaps()).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}x", "{} {\"Err\":\"no\"}", "{}]", "{},", "{}\u0000"})
    void takesNothingAfterTheValue(String body) {
        for (Class<?> type : List.of(Got.class, Void.class)) {
            assertThatThrownBy(() -> decode(200, body, type))
                    .isInstanceOf(PluginCallException.Unreadable.class);
        }
    }

    @Test
    void remembersTypesForItselfAlone() {
        var codec = new Codec();
        codec.decode(CALL, new Answer(200, "{}".getBytes(UTF_8)), Got.class);
        assertThat(codec.knows(Got.class)).isTrue();
        assertThat(new Codec().knows(Got.class)).isFalse();
    }

    @Test
    void writesSoonOnlyWhatIsKnownAndSmall() {
        var codec = new Codec();
        assertThat(codec.encodeSoon(CALL, List.of("a"))).isEmpty();
        codec.encode(CALL, List.of("b"));
        assertThat(codec.encodeSoon(CALL, List.of("a"))).hasValueSatisfying(
                line -> assertThat(new String(line, UTF_8)).isEqualTo("[\"a\"]\n"));
        assertThat(codec.encodeSoon(CALL, List.of("x".repeat(100_000)))).isEmpty();
    }

    @Test
    void isNotDrownedByDepth() {
        assertThatThrownBy(() -> decode(200, "[".repeat(100_000), Got.class))
                .isInstanceOf(PluginCallException.Unreadable.class);
    }
}
