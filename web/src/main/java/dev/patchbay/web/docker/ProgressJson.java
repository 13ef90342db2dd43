package dev.patchbay.web.docker;

import dev.patchbay.plugin.GoJson;
import java.util.Arrays;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects of a progress stream, one a line, each line ended by CR LF (moby {@code daemon/internal/streamformatter}).
 *
 * <p>A <em>message</em> stands for itself. An <em>update</em> always has a {@code progressDetail} and replaces the one
 * before it with the same id on a terminal. The bar that old engines rendered into {@code progress} is left out: clients
 * draw their own from the numbers.
 */
final class ProgressJson {
    private static final byte[] LINE_END = {'\r', '\n'};

    private ProgressJson() {}

    /** A message. */
    static byte[] message(String status) {
        return line(object().put("status", status));
    }

    /** A message about something. */
    static byte[] message(String status, String id) {
        return line(object().put("status", status).put("id", id));
    }

    /** An update without numbers. */
    static byte[] update(String status, String id) {
        return update(status, id, 0, 0);
    }

    /** An update; a number that is 0 is left out. */
    static byte[] update(String status, String id, long current, long total) {
        ObjectNode object = object().put("status", status);
        ObjectNode detail = object.putObject("progressDetail");
        if (current != 0) {
            detail.put("current", current);
        }
        if (total != 0) {
            detail.put("total", total);
        }
        return line(object.put("id", id));
    }

    /** For programs: what a push has made. */
    static byte[] published(String tag, String digest, long size) {
        ObjectNode object = object();
        object.putObject("progressDetail");
        object.putObject("aux").put("Tag", tag).put("Digest", digest).put("Size", size);
        return line(object);
    }

    /** The last object of a stream that failed. */
    static byte[] failure(String sentence) {
        ObjectNode object = object();
        object.putObject("errorDetail").put("message", sentence);
        return line(object.put("error", sentence));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static byte[] line(ObjectNode object) {
        byte[] json = GoJson.HTML_ESCAPED.write(object);
        byte[] line = Arrays.copyOf(json, json.length + LINE_END.length);
        System.arraycopy(LINE_END, 0, line, json.length, LINE_END.length);
        return line;
    }
}
