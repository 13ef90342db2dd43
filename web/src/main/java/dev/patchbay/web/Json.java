package dev.patchbay.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writing of JSON as Docker's ordinary responses have it: nothing HTML-escaped, one newline at the end. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** The shared mapper, in Jackson's default configuration. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** A value as one line. */
    public static byte[] line(Object value) {
        byte[] text = MAPPER.writeValueAsBytes(value);
        byte[] line = Arrays.copyOf(text, text.length + 1);
        line[text.length] = '\n';
        return line;
    }

    /** A reply with a value in it. */
    public static Reply.Full reply(int status, Object value) {
        return Reply.json(status, line(value));
    }

    /** A reply with JSON text in it, to which the newline is added. */
    public static Reply.Full reply(int status, JsonNode value) {
        return Reply.json(status, (value.toString() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The body of every failure. */
    static byte[] message(String text) {
        return line(Map.of("message", text));
    }
}
