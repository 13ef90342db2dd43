package dev.patchbay.web.v1;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How one kind of value looks in the JSON of the native API. Stateless.
 *
 * @param <T> the kind of value
 */
@FunctionalInterface
interface Shape<T> {
    /** Makes generators; thread-safe. */
    JsonFactory JSON = new JsonFactory();

    /** Writes the value as one JSON value. */
    void write(JsonGenerator json, T value);

    /** The value as JSON on one line, without a line end. */
    default String text(T value) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, value);
        }
        return text.toString();
    }

    /** A field that holds a list of values of this shape. */
    default void list(JsonGenerator json, String field, Iterable<? extends T> values) {
        json.writeName(field);
        json.writeStartArray();
        for (T value : values) {
            write(json, value);
        }
        json.writeEndArray();
    }

    /** A field that holds a list of texts. */
    static void texts(JsonGenerator json, String field, Iterable<String> values) {
        Shape<String> text = JsonGenerator::writeString;
        text.list(json, field, values);
    }
}
