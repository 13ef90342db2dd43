package dev.patchbay.event.client;

import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.json.JsonTrees;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what a client says in the sub-protocol {@code patchbay.v1}. One connection has one subscription. */
final class ClientFrames {
    private static final String SUB = "events";

    private ClientFrames() {}

    static String subscribe(StreamStart start, EventFilter filter, int credit) {
        ObjectNode frame = frame("subscribe");
        switch (start) {
            case StreamStart.Snapshot() -> frame.put("from", "snapshot");
            case StreamStart.Events(From.Now()) -> frame.put("from", "now");
            case StreamStart.Events(From.Oldest()) -> frame.put("from", "oldest");
            case StreamStart.Events(From.At(var cursor)) -> frame.put("from", cursor.toString());
            case StreamStart.Events(From.Since(var time)) ->
                frame.putObject("from").put("time", time.toString());
        }
        if (!filter.isAll()) {
            filter(frame.putObject("filter"), filter);
        }
        return frame.put("credit", credit).toString();
    }

    private static void filter(ObjectNode into, EventFilter filter) {
        ArrayNode types = into.putArray("type");
        filter.types().stream().sorted().map(EventType::wireName).forEach(types::add);
        ArrayNode plugins = into.putArray("plugin");
        // What may be the beginning of an id is said as it was: the daemon reads it both ways, as it was read here.
        filter.plugins()
                .stream()
                .map(plugin -> plugin.idPrefix().isEmpty() ? plugin.name() : plugin.idPrefix())
                .sorted()
                .forEach(plugins::add);
        ArrayNode capabilities = into.putArray("capability");
        filter.capabilities().stream().sorted().forEach(capabilities::add);
    }

    static String credit(int events) {
        return frame("credit").put("n", events).toString();
    }

    private static ObjectNode frame(String kind) {
        return JsonTrees.object().put("frame", kind).put("sub", SUB);
    }
}
