package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.web.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The description of the event stream is a document of AsyncAPI 3. */
final class AsyncApiRulesTest {
    private final ObjectNode document = (ObjectNode) resource("asyncapi.json");
    private final Map<String, JsonNode> others = Map.of("openapi.json", resource("openapi.json"));

    private static JsonNode resource(String name) {
        try (InputStream in = NativeApi.class.getResourceAsStream("/dev/patchbay/web/" + name)) {
            return Json.mapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ObjectNode at(String pointer) {
        return (ObjectNode) document.at(pointer);
    }

    @Test
    void keepsTheRules() {
        assertThat(AsyncApiRules.problems(document, others)).isEmpty();
    }

    @Test
    void eachMessageOfAChannelIsOneOfAnOperation() {
        var named = new HashSet<String>();
        document.get("operations")
                .forEach(operation -> operation.get("messages")
                        .forEach(message -> named.add(message.get("$ref").stringValue())));

        assertThat(document.at("/channels/events/messages").propertyNames())
                .allSatisfy(name -> assertThat(named).contains("#/channels/events/messages/" + name));
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("$: has no info", test -> test.document.remove("info")),
                breach("$: is of another version", test -> test.document.put("asyncapi", "2.6.0")),
                breach("info: has no title", test -> test.at("/info").remove("title")),
                breach("info: has a heading", test -> test.at("/info").put("heading", "Events")),
                breach("operations.tell: has an action",
                        test -> test.at("/operations/tell").put("action", "shout")),
                breach("operations.tell: nothing is at \"#/channels/others\"",
                        test -> test.at("/operations/tell/channel").put("$ref", "#/channels/others")),
                breach("operations.ask: {\"$ref\":\"#/components/messages/CreditFrame\"} is none of its channel's"
                        + " messages",
                        test -> ((ObjectNode) test.document.at("/operations/ask/messages/0"))
                                .put("$ref", "#/components/messages/CreditFrame")),
                breach("channels.events.messages.HelloFrame: nothing is at \"#/components/messages/Hallo\"",
                        test -> test.at("/channels/events/messages/HelloFrame")
                                .put("$ref", "#/components/messages/Hallo")),
                breach("components.messages.HelloFrame: has a body",
                        test -> test.at("/components/messages/HelloFrame").put("body", "")),
                breach("components.messages: Hello Frame is no name",
                        test -> test.at("/components/messages")
                                .set("Hello Frame", test.at("/components/messages/HelloFrame"))),
                breach("components.schemas.HelloFrame: type=\"thing\" is no rule of JSON Schema",
                        test -> test.at("/components/schemas/HelloFrame").put("type", "thing")),
                breach("components.schemas.HelloFrame.node: nullable=true is no rule of JSON Schema",
                        test -> test.at("/components/schemas/HelloFrame/properties/node")
                                .put("nullable", true)),
                breach("components.schemas.HelloFrame: requires \"node\" and does not describe it",
                        test -> test.at("/components/schemas/HelloFrame/properties").remove("node")));
    }

    private static Arguments breach(String problem, Consumer<AsyncApiRulesTest> breach) {
        return Arguments.of(problem, breach);
    }

    /** Or the first of these tests proves nothing. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void theRulesFindWhatBreaksThem(String problem, Consumer<AsyncApiRulesTest> breach) {
        breach.accept(this);

        assertThat(AsyncApiRules.problems(document, others)).contains(problem);
    }
}
