package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Bounds;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.web.Json;
import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** The description of the event stream says what the server does: no more, no less. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AsyncApiTest {
    private static final Cursor PLACE = new Cursor("k3x9", 41);

    private JsonNode document;
    private SchemaChecker checker;

    @BeforeAll
    void read() throws IOException {
        document = closed(resource("asyncapi.json"));
        checker = new SchemaChecker(document, Map.of("openapi.json", resource("openapi.json")));
    }

    private static JsonNode resource(String name) throws IOException {
        try (InputStream in = NativeApi.class.getResourceAsStream("/dev/patchbay/web/" + name)) {
            return Json.mapper().readTree(Objects.requireNonNull(in));
        }
    }

    /** Clients have to expect fields and words that are not described, of newer servers; this one says none. */
    private static JsonNode closed(JsonNode open) {
        return Json.mapper()
                .readTree(open.toString()
                        .replace("\"additionalProperties\":true", "\"additionalProperties\":false")
                        .replace("\"x-extensible-enum\"", "\"enum\""));
    }

    @Test
    void clientsHaveToExpectMoreFieldsAndMustNotSayMore() throws IOException {
        JsonNode schemas = resource("asyncapi.json").at("/components/schemas");
        schemas("tell").forEach((_, name) -> assertThat(schemas.at("/" + name + "/additionalProperties"))
                .as(name)
                .hasToString("true"));
        schemas("ask").forEach((_, name) -> assertThat(schemas.at("/" + name + "/additionalProperties"))
                .as(name)
                .hasToString("false"));
    }

    @Test
    void clientsHaveToExpectMoreWordsAndMustNotSayMore() throws IOException {
        JsonNode schemas = resource("asyncapi.json").at("/components/schemas");
        schemas("tell")
                .forEach((_, name) -> assertThat(schemas.get(name).findValues("enum")).as(name).isEmpty());
        assertThat(schemas.get("EventFrame").findValues("x-extensible-enum")).hasSize(2);
        schemas("ask")
                .forEach((_, name) -> assertThat(schemas.get(name).findValues("x-extensible-enum")).as(name)
                        .isEmpty());
    }

    /** One of each kind of what a subscription says, with all that it can have. */
    private static Stream<Said> everythingSaid() {
        var events = new ArrayList<PluginEvent>();
        for (EventType type : EventType.values()) {
            events.add(Samples.event(42, type, Samples.ID, "sample:latest"));
        }
        events.add(new PluginEvent(PLACE.at(42), Samples.NOON, EventType.CREATE, Optional.of(Samples.ID),
                "a:latest",
                List.of(InterfaceType.parse("docker.volumedriver/1.0")), 0, Actor.caller("r-1"), Map.of()));
        events.add(new PluginEvent(PLACE.at(42), Samples.NOON, EventType.PRIVILEGE_REFUSED, Optional.empty(),
                "a:latest", List.of(), 0, Actor.caller(""), Map.of()));
        events.add(new PluginEvent(PLACE.at(42), Samples.NOON, EventType.ENGINE_STARTED, Optional.empty(), "",
                List.of(), 0, Actor.ENGINE, Map.of()));
        Stream<Said> rest = Stream.of(new Said.SnapshotBegan(PLACE), new Said.Plugin(Samples.plugin()),
                new Said.SnapshotEnded(PLACE), new Said.Passed(PLACE));
        return Stream.of(
                events.stream().<Said>map(event -> new Said.Happened(LoggedEvent.of(event), 41)),
                Arrays.stream(EventSignal.Beginning.values())
                        .<Said>map(
                                why -> new Said.Began(new EventSignal.Subscribed(why, PLACE, PLACE), false)),
                Arrays.stream(EventSignal.Loss.values())
                        .<Said>map(why -> new Said.Lost(new EventSignal.Gap(PLACE, PLACE.at(77), why))),
                rest).flatMap(all -> all);
    }

    private static Stream<String> frames() {
        var shape = new FrameShape();
        Stream<Frame> own = Stream.concat(
                Stream.of(new Frame.Hello(new Bounds("k3x9", 1, 41), Duration.ofSeconds(30), "n", "v"),
                        new Frame.Failed("", Frame.ErrorCode.INVALID, "sub is wrong")),
                Arrays.stream(Frame.ErrorCode.values()).map(code -> new Frame.Failed("a", code, "no")));
        return Stream.of(own.map(shape::text), said(new JsonFrames("")), said(new JsonFrames("a")))
                .flatMap(all -> all);
    }

    private static Stream<String> said(Encoding encoding) {
        return everythingSaid().map(said -> {
            ByteBuf out = Unpooled.buffer();
            encoding.write(out, said);
            return out.toString(StandardCharsets.UTF_8);
        }).filter(text -> !text.isEmpty());
    }

    @Test
    void eachFrameThatTheServerCanSayIsDescribedAndNoOther() {
        Map<String, String> byKind = schemas("tell");
        var heard = new HashSet<String>();
        frames().forEach(text -> {
            JsonNode frame = Json.mapper().readTree(text);
            String kind = frame.get("frame").stringValue();
            heard.add(kind);
            assertThat(byKind).as(text).containsKey(kind);
            assertThat(checker.problems(schema(Objects.requireNonNull(byKind.get(kind))), frame)).as(text)
                    .isEmpty();
        });
        assertThat(heard).isEqualTo(byKind.keySet());
    }

    @Test
    void everyFieldThatIsDescribedIsSaidBySomeFrame() {
        var said = new TreeMap<String, Set<String>>();
        frames().map(Json.mapper()::readTree)
                .forEach(frame -> said
                        .computeIfAbsent(frame.get("frame").stringValue(), _ -> new HashSet<>())
                        .addAll(frame.propertyNames()));
        schemas("tell").forEach((kind, name) -> assertThat(said.get(kind)).as(kind)
                .containsExactlyInAnyOrderElementsOf(schema(name).get("properties").propertyNames()));
    }

    @Test
    void cloudEventsAreAsDescribed() {
        List<String> clouds = said(new CloudEvents("urn:patchbay:node:n")).toList();
        assertThat(clouds).hasSizeGreaterThan(20)
                .allSatisfy(text -> assertThat(
                        checker.problems(schema("CloudEvent"), Json.mapper().readTree(text))).isEmpty());
    }

    @Test
    void eachFrameThatIsDescribedForClientsIsTaken() {
        var reader = new ClientFrameReader(Clock.systemUTC());
        Map<String, String> byKind = schemas("ask");
        assertThat(byKind.keySet()).containsExactlyInAnyOrder("subscribe", "credit", "unsubscribe");
        byKind.values()
                .forEach(name -> document.at("/components/messages/" + name + "/examples")
                        .forEach(example -> assertThat(reader.read(example.get("payload").toString()))
                                .isNotInstanceOfAny(ClientFrame.Wrong.class, ClientFrame.Noise.class)));
        byKind.forEach((kind, name) -> {
            JsonNode schema = schema(name);
            String more = "{\"frame\":\"" + kind + "\",\"sub\":\"a\",\"unheardOf\":1}";
            assertThat(reader.read(more)).isInstanceOfSatisfying(ClientFrame.Wrong.class,
                    wrong -> assertThat(wrong.message().replaceAll(".*there are ", "").split(", ", -1))
                            .containsExactlyInAnyOrderElementsOf(schema.get("properties").propertyNames()));
        });
    }

    @Test
    void itsExamplesFitItsSchemas() {
        int examples = 0;
        for (Map.Entry<String, JsonNode> message : document.at("/components/messages").properties()) {
            for (JsonNode example : message.getValue().path("examples")) {
                assertThat(checker.problems(schema(message.getKey()), example.get("payload")))
                        .as(message.getKey())
                        .isEmpty();
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(10);
    }

    @Test
    void namesEachCloseCodeOfThisStreamAndNoOther() {
        // Events have no end, and what is asked for is refused by a frame.
        var ofLogsAlone = EnumSet.of(CloseCode.DONE, CloseCode.REFUSED);
        var described = new TreeMap<String, Integer>();
        document.at("/channels/events/x-close-codes")
                .forEach(code -> described.put(code.get("name").stringValue(), code.get("code").intValue()));
        assertThat(described).isEqualTo(EnumSet.complementOf(ofLogsAlone)
                .stream()
                .collect(Collectors.toMap(CloseCode::name, CloseCode::number)));
    }

    @Test
    void namesEachLimitAndNoOther() throws IllegalAccessException {
        var limits = new TreeMap<String, Integer>();
        for (Field field : StreamLimits.class.getDeclaredFields()) {
            limits.put(camel(field.getName()), field.getInt(null));
        }
        var described = new TreeMap<String, Integer>();
        document.at("/channels/events/x-limits")
                .properties()
                .forEach(limit -> described.put(limit.getKey(), limit.getValue().intValue()));
        assertThat(described).isEqualTo(limits);
        assertThat(document.at("/components/schemas/CreditFrame/properties/n/maximum").intValue())
                .isEqualTo(StreamLimits.MAX_CREDIT);
    }

    private static String camel(String constant) {
        var words = constant.toLowerCase(Locale.ROOT).split("_", -1);
        return words[0] + Arrays.stream(words, 1, words.length)
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    @Test
    void namesEachParameterAndSubprotocol() {
        assertThat(document.at("/channels/events/bindings/ws/query/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(EventHandler.PARAMETERS);
        assertThat(
                document.at("/channels/events/x-subprotocols").values().stream().map(JsonNode::stringValue))
                .containsExactly(Upgrade.SUBPROTOCOL, Upgrade.CLOUD_EVENTS);
        assertThat(document.at("/channels/events/address").stringValue())
                .isEqualTo(NativeRoute.PREFIX + "/events");
    }

    /** The names of an operation's frames, by kind. */
    private Map<String, String> schemas(String operation) {
        var found = new TreeMap<String, String>();
        for (JsonNode message : document.at("/operations/" + operation + "/messages")) {
            String reference = message.get("$ref").stringValue();
            String name = reference.substring(reference.lastIndexOf('/') + 1);
            assertThat(document.at("/channels/events/messages/" + name).isMissingNode()).isFalse();
            if (!name.equals("CloudEvent")) {
                found.put(schema(name).at("/properties/frame/const").stringValue(), name);
            }
        }
        return found;
    }

    private JsonNode schema(String name) {
        return checker.follow(document.at("/components/messages/" + name + "/payload"));
    }
}
