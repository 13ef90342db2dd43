package dev.patchbay.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON into trees and writes them, with Jackson's parser and generator alone. A mapper makes the same trees, but in a host
 * without a class cache the first one costs a start more than everything else that the engine does at its opening.
 *
 * <p>Immutable and thread-safe. Nothing here blocks.
 */
public final class JsonTrees {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Of a name that occurs twice in an object the last counts; numbers with a fraction are doubles. */
    public static final JsonTrees LENIENT = new JsonTrees(new JsonFactory(), false);

    /** A name that occurs twice in an object is a fault; numbers with a fraction are doubles. */
    public static final JsonTrees STRICT = new JsonTrees(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build(), false);

    private final JsonFactory factory;
    private final boolean exact;

    private JsonTrees(JsonFactory factory, boolean exact) {
        this.factory = factory;
        this.exact = exact;
    }

    /** With a parser's own limits and switches, and a generator's. */
    public static JsonTrees with(JsonFactory factory) {
        return new JsonTrees(factory, false);
    }

    /** The same, but a number with a fraction is as it is written, digit for digit. */
    public JsonTrees exact() {
        return new JsonTrees(factory, true);
    }

    /** An object without a member. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /**
     * The tree of a document, in UTF-8, UTF-16 or UTF-32 (RFC 4627, section 3); a {@linkplain MissingNode missing} one if there
     * is nothing but white space.
     *
     * @throws JacksonException if it is not exactly one JSON value, or nests deeper, or has longer texts or numbers, than the
     *     parser takes
     */
    public JsonNode read(byte[] json) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            return document(parser);
        }
    }

    /** The same of text. */
    public JsonNode read(String json) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            return document(parser);
        }
    }

    private JsonNode document(JsonParser parser) {
        @Nullable
        JsonToken first = parser.nextToken();
        if (first == null) {
            return MissingNode.getInstance();
        }
        JsonNode value = value(parser, first);
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "something follows the value");
        }
        return value;
    }

    /** As deep as the parser goes, which has a limit. */
    private JsonNode value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> exact
                    ? NODES.numberNode(parser.getDecimalValue())
                    : NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new StreamReadException(parser, "there is no value");
        };
    }

    private ObjectNode members(JsonParser parser) {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            object.set(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private ArrayNode elements(JsonParser parser) {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
    }

    private static JsonNode integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /** A tree as compact JSON in UTF-8, members in the order of the tree. @throws JacksonException if it nests too deeply */
    public byte[] write(JsonNode tree) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = generator(bytes)) {
            write(tree, generator);
        }
        return bytes.toByteArray();
    }

    /** A generator that writes UTF-8, and closes what it writes to when it is closed. */
    public JsonGenerator generator(OutputStream out) {
        return factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    private static void write(JsonNode node, JsonGenerator to) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                to.writeStartObject();
                node.forEachEntry((name, member) -> {
                    to.writeName(name);
                    write(member, to);
                });
                to.writeEndObject();
            }
            case ARRAY -> {
                to.writeStartArray();
                node.forEach(element -> write(element, to));
                to.writeEndArray();
            }
            case STRING -> to.writeString(node.stringValue());
            case NUMBER -> number(node, to);
            case BOOLEAN -> to.writeBoolean(node.booleanValue());
            case NULL, MISSING -> to.writeNull();
            case BINARY, POJO -> throw new IllegalArgumentException("no JSON: " + node.getNodeType());
        }
    }

    private static void number(JsonNode node, JsonGenerator to) {
        switch (node.numberType()) {
            case INT -> to.writeNumber(node.intValue());
            case LONG -> to.writeNumber(node.longValue());
            case BIG_INTEGER -> to.writeNumber(node.bigIntegerValue());
            case FLOAT -> to.writeNumber(node.floatValue());
            case DOUBLE -> to.writeNumber(node.doubleValue());
            case BIG_DECIMAL -> to.writeNumber(node.decimalValue());
        }
    }
}
