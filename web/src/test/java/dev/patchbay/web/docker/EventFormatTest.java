package dev.patchbay.web.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.web.FakePlugins;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFormatTest {
    private static final String ID = "a".repeat(64);
    private static final PluginEvent CRASH = new PluginEvent(new Cursor("e", 4), FakePlugins.NOW,
            EventType.CRASH,
            Optional.of(new PluginId(ID)), "me/sample:latest", List.of(), 3, Actor.ENGINE,
            Map.of("exitCode", "3", "name", "forged"));

    @Test
    @DisplayName("D29: an event names the plugin by id and full stored name")
    void namesThePluginD29() {
        assertThat(new String(EventFormat.JSON.line(CRASH), UTF_8))
                .isEqualTo("{\"Type\":\"plugin\",\"Action\":\"crash\","
                        + "\"Actor\":{\"ID\":\"" + ID
                        + "\",\"Attributes\":{\"exitCode\":\"3\",\"name\":\"me/sample:latest\"}},"
                        + "\"scope\":\"local\",\"time\":1795467600,\"timeNano\":1795467600123456789}\n");
    }

    @Test
    void tellsWhatHappensToTheEngineAsTheDaemons() {
        var started = new PluginEvent(new Cursor("e", 1), FakePlugins.NOW, EventType.ENGINE_STARTED,
                Optional.empty(), "",
                List.of(), 0, Actor.ENGINE, Map.of("version", "1"));
        assertThat(new String(EventFormat.JSON.line(started), UTF_8)).startsWith("{\"Type\":\"daemon\","
                + "\"Action\":\"engine_started\",\"Actor\":{\"ID\":\"\",\"Attributes\":{\"version\":\"1\"}}");
    }

    @Test
    void separatesRecordsOfASequence() {
        assertThat(EventFormat.JSON_SEQUENCE.line(CRASH)[0]).isEqualTo((byte) 0x1e);
        assertThat(EventFormat.JSON_SEQUENCE.line(CRASH)).endsWith('\n')
                .hasSize(EventFormat.JSON.line(CRASH).length + 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"*/* | JSON", "application/json | JSON", "application/jsonl | JSON_LINES",
                    "application/x-ndjson | NDJSON", "application/json-seq | JSON_SEQUENCE",
                    "text/html, application/x-ndjson;q=0.9 | NDJSON"})
    void choosesTheFormatByAccept(String accept, EventFormat expected) {
        assertThat(EventFormat.choose(Optional.of(accept))).isEqualTo(expected);
        assertThat(EventFormat.choose(Optional.empty())).isEqualTo(EventFormat.JSON);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{}                                              | true",
            "{\"type\":[\"plugin\"]}                         | true",
            "{\"type\":[\"container\"]}                      | false",
            "{\"type\":[\"container\",\"plugin\"]}           | true",
            "{\"event\":[\"crash\"]}                         | true",
            "{\"event\":[\"cra\"]}                           | false",
            "{\"scope\":[\"local\"]}                         | true",
            "{\"scope\":[\"swarm\"]}                         | false",
            "{\"plugin\":[\"me/sample\"]}                    | true",
            "{\"plugin\":[\"aaaa\"]}                         | true",
            "{\"plugin\":[\"sample\"]}                       | false",
            "{\"container\":[\"me/sample\"]}                 | true",
            "{\"network\":[\"other\"]}                       | false",
            "{\"image\":[\"x\"]}                             | false",
            "{\"label\":[\"exitCode\"]}                      | true",
            "{\"label\":[\"exitCode=3\",\"name\"]}           | true",
            "{\"label\":[\"exitCode=4\"]}                    | false",
            "{\"label\":[\"exitCode\",\"nope\"]}             | false",
            "{\"nonsense\":[\"x\"]}                          | true",
            "{\"type\":[\"plugin\"],\"event\":[\"enable\"]}  | false"})
    void filtersAsDockerDoes(String filters, boolean expected) {
        assertThat(new DockerFilter(Filters.parse(Optional.of(filters))).test(CRASH)).isEqualTo(expected);
    }
}
