package dev.patchbay.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What plugins are shown of a request, after moby's {@code pkg/authorization}. */
class ShownTest {
    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("JSON", "/v1.44/plugins/x/set", List.of("application/json"), true),
                arguments("JSON with a parameter", "/plugins/x/set",
                        List.of("application/json; charset=utf-8"), true),
                arguments("JSON in capitals and blanks", "/plugins/x/set", List.of(" Application/JSON ;x"),
                        true),
                arguments("JSON behind another type", "/plugins/x/set",
                        List.of("text/plain", "application/json"), true),
                arguments("JSON before another type", "/plugins/x/set",
                        List.of("application/json", "text/plain"), true),
                arguments("a form, whose fields are parameters", "/plugins/x/disable",
                        List.of("application/x-www-form-urlencoded"), true),
                arguments("a tar", "/plugins/create", List.of("application/x-tar"), false),
                arguments("no type", "/plugins/x/set", List.of(), false),
                arguments("something like JSON", "/plugins/x/set", List.of("application/json-seq"), false),
                arguments("credentials", "/auth", List.of("application/json"), false),
                arguments("credentials in some version", "/v1.44/auth", List.of("application/json"), false),
                arguments("credentials in a version of dots", "/v.1/auth", List.of("application/json"),
                        false),
                arguments("a type in letters that only look so", "/plugins/x/set",
                        List.of("application/j\u017fon"), false),
                arguments("blanks that are none", "/plugins/x/set", List.of("\u2003application/json"), false),
                arguments("what begins as credentials do", "/v1.44/auth/optional",
                        List.of("application/json"), false),
                arguments("a plugin called auth", "/v1.44/plugins/auth/set", List.of("application/json"),
                        true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void showsBodiesThatAreParameters(String what, String path, List<String> types, boolean shown) {
        assertThat(Shown.body(path, types)).isEqualTo(shown);
    }

    @Test
    void showsAnswersInJson() {
        assertThat(Shown.answer("/plugins", "application/json")).isTrue();
        assertThat(Shown.answer("/auth", "application/json")).isFalse();
        assertThat(Shown.answer("/_ping", "text/plain")).isFalse();
        assertThat(Shown.answer("/_ping", "")).isFalse();
    }

    @Test
    void writesNamesOfHeadersAsGoDoesAndTakesTheLastValue() {
        assertThat(Shown.headers(List.of(Map.entry("content-type", "a"), Map.entry("X-META-some", "b"),
                Map.entry("Content-Type", "c"))))
                .isEqualTo(Map.of("Content-Type", "c", "X-Meta-Some", "b"));
    }

    @Test
    void hidesSecretsAndWhatGoTakesOut() {
        assertThat(Shown
                .headers(List.of(Map.entry("authorization", "Bearer x"), Map.entry("x-registry-auth", "x"),
                        Map.entry("X-Registry-Config", "x"), Map.entry("host", "d"),
                        Map.entry("transfer-encoding", "chunked"),
                        Map.entry("sec-websocket-protocol", "patchbay.v1, patchbay.token.c2VjcmV0"))))
                .isEqualTo(Map.of("Sec-Websocket-Protocol", "patchbay.v1"));
    }
}
