package dev.patchbay.web.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.web.Body;
import dev.patchbay.web.Caller;
import dev.patchbay.web.Caller.Transport;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Target;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class JsonBodyTest {
    private static final String NONE = "-";

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "-                                | -",
            "application/json                 | -",
            "Application/JSON; charset=\"utf-8\" | [\"a=b\"]",
            "application/json;                | [\"a=b\"]",
            "application/json                 | null",
            "application/json                 | [null]"})
    void takes(String type, String body) {
        List<String> expected = body.contains("a=b")
                ? List.of("a=b")
                : body.equals("[null]") ? List.of("") : List.of();
        StepVerifier.create(JsonBody.strings(exchange(type, body))).expectNext(expected).verifyComplete();
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "text/plain       | -            | unsupported Content-Type header (text/plain): must be 'application/json'",
            "text/plain       | []           | unsupported Content-Type header (text/plain): must be 'application/json'",
            "-                | []           | malformed Content-Type header (): mime: no media type",
            "a b              | []           | malformed Content-Type header (a b): mime: expected slash after first token",
            "application/     | []           | malformed Content-Type header (application/): mime: expected token after slash",
            "application/json; x | []        | malformed Content-Type header (application/json; x): mime: invalid media parameter",
            "application/json | ` `          | invalid JSON: got EOF while reading request body",
            "application/json | {}           | invalid JSON: json: cannot unmarshal object into Go value of type []string",
            "application/json | \"x\"        | invalid JSON: json: cannot unmarshal string into Go value of type []string",
            "application/json | [1]          | invalid JSON: json: cannot unmarshal number into Go value of type string",
            "application/json | [\"a=b\"     | invalid JSON: it ends in the middle of a value",
            "application/json | [] []        | unexpected content after JSON",
            "application/json | []x          | unexpected content after JSON"})
    void refuses(String type, String body, String message) {
        StepVerifier.create(JsonBody.strings(exchange(type, body))).verifyErrorMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{invalid json", "[\"a", "[", "["})
    void refusesBrokenJson(String body) {
        StepVerifier.create(JsonBody.strings(exchange("application/json", body)))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .hasMessageStartingWith("invalid JSON: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE", "ISO-8859-1"})
    void readsNothingButUtf8(String charset) {
        byte[] bytes = "[\"a=\u00e4\"]".getBytes(Charset.forName(charset));
        var body = new Body(Flux.just(ByteBuffer.wrap(bytes)), OptionalLong.of(bytes.length), 1 << 20);
        StepVerifier.create(JsonBody.strings(exchange("application/json", body)))
                .verifyErrorSatisfies(failure -> assertThat(failure).isInstanceOfSatisfying(HttpFailure.class,
                        refused -> assertThat(refused.status()).isEqualTo(400)));
    }

    @Test
    void refusesAnEmptyChunkedBody() {
        var body = new Body(Flux.empty(), OptionalLong.empty(), 1 << 20);
        StepVerifier.create(JsonBody.strings(exchange("application/json", body)))
                .verifyErrorMessage("invalid JSON: got EOF while reading request body");
    }

    @Test
    void refusesNestingWithoutEnd() {
        StepVerifier.create(JsonBody.strings(exchange("application/json", "[".repeat(100_000))))
                .verifyErrorMessage(
                        "invalid JSON: it is nested too deeply, or a text or number in it is too long");
    }

    private static Exchange exchange(String type, String text) {
        byte[] bytes = text.equals(NONE) ? new byte[0] : text.getBytes(UTF_8);
        return exchange(type,
                new Body(Flux.just(ByteBuffer.wrap(bytes)), OptionalLong.of(bytes.length), 1 << 20));
    }

    private static Exchange exchange(String type, Body body) {
        var headers = new DefaultHttpHeaders();
        if (!type.equals(NONE)) {
            headers.set("Content-Type", type);
        }
        var target = new Target(HttpMethod.POST, "/plugins/x/set", "", Map.of(), Map.of());
        return new Exchange(target, headers, body,
                new Caller("r", Transport.UNIX, "", List.of(), Optional.empty()),
                Mono.never());
    }
}
