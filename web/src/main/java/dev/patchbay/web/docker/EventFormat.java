package dev.patchbay.web.docker;

import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.GoJson;
import dev.patchbay.web.Reply;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How events are written: one JSON object per line, in one of the media types for that. */
enum EventFormat implements EventLines.Format {
    /** What clients of the versions that we speak expect. */
    JSON(Reply.JSON), JSON_LINES("application/jsonl"), NDJSON("application/x-ndjson"),
    /** With a record separator before each object (RFC 7464). */
    JSON_SEQUENCE("application/json-seq");

    static final String SCOPE = "local";

    private static final String OF_VOLUMES = "volume_";
    private static final String VOLUME = "volume";
    private static final byte RECORD_SEPARATOR = 0x1e;
    private static final long NANOS = 1_000_000_000L;

    private final String contentType;

    @SuppressWarnings("ImmutableEnumChecker") // a memo, each thread's own
    private final FastThreadLocal<LatestLine> latest = new FastThreadLocal<>() {
        @Override
        protected LatestLine initialValue() {
            return new LatestLine(EventFormat.this::line);
        }
    };

    EventFormat(String contentType) {
        this.contentType = contentType;
    }

    /** The first of our formats that an {@code Accept} header names, else plain JSON. */
    static EventFormat choose(Optional<String> accept) {
        return Arrays.stream(accept.orElse("").split(","))
                .map(range -> range.split(";", 2)[0].strip())
                .flatMap(range -> Arrays.stream(values())
                        .filter(format -> format.contentType.equalsIgnoreCase(range)))
                .findFirst()
                .orElse(JSON);
    }

    String contentType() {
        return contentType;
    }

    @Override
    public byte[] line(LoggedEvent event) {
        return latest.get().line(event);
    }

    /** An event as one line. */
    byte[] line(PluginEvent event) {
        byte[] line = GoJson.PLAIN.writeLine(tree(event));
        if (this != JSON_SEQUENCE) {
            return line;
        }
        byte[] record = new byte[line.length + 1];
        record[0] = RECORD_SEPARATOR;
        System.arraycopy(line, 0, record, 1, line.length);
        return record;
    }

    /** The kind of thing that it happened to: what happens to the engine, happens to Docker's daemon. */
    static String type(PluginEvent event) {
        return isOfVolumes(event) ? "volume" : event.name().isEmpty() ? "daemon" : "plugin";
    }

    /** What happened, in Docker's word, which only means something together with the kind of thing. */
    static String action(PluginEvent event) {
        String name = event.type().wireName();
        return isOfVolumes(event) ? name.substring(OF_VOLUMES.length()) : name;
    }

    /** What it happened to: the name of a volume, the id of a plugin. */
    static String actor(PluginEvent event) {
        return isOfVolumes(event) ? event.attributes().getOrDefault(VOLUME, "") : event.pluginHex();
    }

    private static boolean isOfVolumes(PluginEvent event) {
        return event.type().wireName().startsWith(OF_VOLUMES);
    }

    private static ObjectNode tree(PluginEvent event) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("Type", type(event)).put("Action", action(event));
        ObjectNode actor = tree.putObject("Actor").put("ID", actor(event));
        ObjectNode attributes = actor.putObject("Attributes");
        attributes(event).forEach(attributes::put);
        Instant time = event.time();
        return tree.put("scope", SCOPE)
                .put("time", time.getEpochSecond())
                .put("timeNano", time.getEpochSecond() * NANOS + time.getNano());
    }

    /** What is known of an event, in order. The name is always the stored one, never what a caller typed (D29). */
    static SortedMap<String, String> attributes(PluginEvent event) {
        Map<String, String> given = event.attributes();
        var all = new TreeMap<>(given);
        if (isOfVolumes(event)) {
            all.remove(VOLUME); // it is the actor
        }
        if (!event.name().isEmpty()) {
            all.put("name", event.name());
        }
        return all;
    }
}
