package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.web.Target;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FilterReaderTest {
    @ParameterizedTest
    @ValueSource(strings = {"sample", "sample:latest", "docker.io/library/sample", "abababababab",
            "ababababababab"})
    void knowsAPluginByEachOfItsNames(String text) {
        assertThat(parse(Map.of("plugin", List.of(text))).test(Samples.event(1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample:1", "other", "abababababa", "ab", "", "x/sample", "ABABABABABAB", "::"})
    void takesNothingElseForIt(String text) {
        assertThat(parse(Map.of("plugin", List.of(text))).test(Samples.event(1))).isFalse();
    }

    @Test
    void keysNarrowAndValuesWiden() {
        EventFilter selection = parse(Map.of(
                "type", List.of("crash"), "filters",
                List.of("{\"type\":[\"enable\"],\"plugin\":[\"sample\"]}")));
        assertThat(selection.test(Samples.event(1))).isTrue();
        assertThat(selection.test(Samples.event(2, EventType.CRASH, Samples.ID, "sample:latest"))).isTrue();
        assertThat(selection.test(Samples.event(3, EventType.SET, Samples.ID, "sample:latest"))).isFalse();
        assertThat(selection.test(Samples.event(4, EventType.CRASH, Samples.OTHER_ID, "other:latest")))
                .isFalse();
    }

    @Test
    void wantsEverythingUnlessTold() {
        assertThat(parse(Map.of()).test(Samples.event(1))).isTrue();
        assertThat(parse(Map.of("filters", List.of("{}"))).test(Samples.event(1))).isTrue();
    }

    @Test
    void refusesMoreValuesThanItWouldEverNeed() {
        assertThatThrownBy(() -> parse(Map.of("plugin", Collections.nCopies(1001, "x"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("more than 100 filter values");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"type\":{\"enable\":true}}", "{\"type\":[null]}",
            "{\"x\":[]}"})
    void refusesFiltersThatAreNone(String filters) {
        assertThatThrownBy(() -> parse(Map.of("filters", List.of(filters))))
                .isInstanceOf(InvalidRequestException.class);
    }

    private static EventFilter parse(Map<String, List<String>> query) {
        return FilterReader.read(new Target(HttpMethod.GET, "/", "", query, Map.of()));
    }
}
