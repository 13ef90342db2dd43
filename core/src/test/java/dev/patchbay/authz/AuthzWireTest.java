package dev.patchbay.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What goes to and fro between the chain and plugins, to the byte. */
class AuthzWireTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Call CALL = new Call("p", "AuthZPlugin.AuthZReq");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void writesAllThatIsKnown() {
        var message = new AuthzMessage("alice", "TLS", "POST", "/v1.44/plugins/x/enable?timeout=0",
                bytes("{}"),
                new TreeMap<>(Map.of("A", "1", "B", "\"2\"")), List.of(bytes("c1"), bytes("c2")), 500,
                bytes("no\n"),
                Map.of("Content-Type", "application/json"));

        assertThat(JSON.writeValueAsString(message))
                .isEqualTo("{\"User\":\"alice\",\"UserAuthNMethod\":\"TLS\","
                        + "\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.44/plugins/x/enable?timeout=0\",\"RequestBody\":\"e30=\","
                        + "\"RequestHeaders\":{\"A\":\"1\",\"B\":\"\\\"2\\\"\"},\"RequestPeerCertificates\":[\"YzE=\",\"YzI=\"],"
                        + "\"ResponseStatusCode\":500,\"ResponseBody\":\"bm8K\","
                        + "\"ResponseHeaders\":{\"Content-Type\":\"application/json\"}}");
    }

    @Test
    void leavesOutWhatIsEmpty() {
        var message = new AuthzMessage("", "", "GET", "/", new byte[0], Map.of(), List.of(), 0, new byte[0],
                Map.of());

        assertThat(JSON.writeValueAsString(message))
                .isEqualTo("{\"RequestMethod\":\"GET\",\"RequestUri\":\"/\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", value = {
            "{\"Allow\":true}|true|''", "{\"allow\":true,\"MSG\":\"m\"}|true|m",
            "{\"Allow\":false,\"Msg\":\"no\"}|false|no",
            "{}|null|''", "{\"Allow\":null,\"Msg\":null}|null|''",
            "{\"Allow\":true,\"allow\":false}|false|''",
            "{\"Other\":1,\"Allow\":true}|true|''"})
    void readsAnswersAsGoDoes(String json, @Nullable Boolean allow, String message) {
        assertThat(AuthzAnswer.of(CALL, JSON.readTree(json))).isEqualTo(new AuthzAnswer(allow, message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "1", "{}", "[true]"})
    void takesNothingElseForAYes(String allow) {
        AuthzAnswer answer = AuthzAnswer.of(CALL, JSON.readTree("{\"Allow\":" + allow + "}"));

        assertThat(AuthzRules.judge("p", Phase.REQUEST, answer)).isInstanceOf(Verdict.Failed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"true", "[]", "\"yes\"", "{\"Allow\":true,\"Msg\":1}", "{\"Allow\":true,\"Msg\":{}}"})
    void refusesWhatIsNoAnswer(String json) {
        assertThatThrownBy(() -> AuthzAnswer.of(CALL, JSON.readTree(json)))
                .isInstanceOf(PluginCallException.Unreadable.class);
    }
}
