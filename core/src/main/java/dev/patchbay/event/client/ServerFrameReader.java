package dev.patchbay.event.client;

import dev.patchbay.event.Cursor;
import dev.patchbay.json.JsonTrees;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what the daemon says. Fields and frames that it does not know are no fault. */
final class ServerFrameReader {

    private ServerFrameReader() {}

    /** @throws StreamRefusedException if it is no frame: whoever is there speaks another language */
    static ServerFrame read(String text) {
        try {
            return frame(JsonTrees.LENIENT.read(text));
        } catch (JacksonException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    static StreamRefusedException unreadable(RuntimeException cause) {
        var failure = new StreamRefusedException(
                "what the server said is no frame of patchbay.v1: " + cause.getMessage(),
                OptionalInt.empty());
        failure.initCause(cause);
        return failure;
    }

    private static ServerFrame frame(JsonNode tree) {
        return switch (tree.required("frame").stringValue()) {
            case "hello" -> new ServerFrame.Hello(Duration.ofMillis(number(tree, "heartbeatMs")),
                    (int) Math.min(Integer.MAX_VALUE, number(tree, "maxCredit")), text(tree, "node"),
                    text(tree, "version"));
            case "subscribed" -> new ServerFrame.Subscribed(
                    text(tree, "reason"), cursor(tree, "resumeFrom"), number(tree, "head"));
            case "snapshot.begin" -> new ServerFrame.SnapshotBegin(number(tree, "asOf"));
            case "plugin" -> plugin(tree.required("plugin"));
            case "snapshot.end" -> new ServerFrame.SnapshotEnd(number(tree, "asOf"));
            case "event" -> new ServerFrame.Event(number(tree, "seq"), number(tree, "prev"), tree);
            case "gap" -> new ServerFrame.Gap(cursor(tree, "from"), cursor(tree, "to"), text(tree, "reason"));
            case "bookmark" -> new ServerFrame.Bookmark(number(tree, "seq"));
            case "error" -> new ServerFrame.Failed(text(tree, "code"), text(tree, "message"));
            default -> new ServerFrame.Other();
        };
    }

    private static ServerFrame plugin(JsonNode plugin) {
        return new ServerFrame.Plugin(new PluginId(text(plugin, "id")), text(plugin, "name"),
                plugin.toString());
    }

    private static String text(JsonNode tree, String name) {
        return tree.required(name).stringValue();
    }

    private static long number(JsonNode tree, String name) {
        return tree.required(name).longValue();
    }

    private static Cursor cursor(JsonNode tree, String name) {
        String text = text(tree, name);
        return Cursor.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(name + " must be EPOCH:SEQ, not " + text));
    }
}
