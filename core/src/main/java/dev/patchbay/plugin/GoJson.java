package dev.patchbay.plugin;

import dev.patchbay.json.JsonTrees;
import java.io.Serial;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;

/**
 * JSON bytes as Go's encoder writes them, which is what digests are made of and what clients compare with.
 *
 * <p>Source: Go, {@code encoding/json}, functions {@code appendString} and {@code Compact}. Compact, keys in the order
 * of the tree, U+2028 and U+2029 escaped, hexadecimal digits of escapes in lower case.
 */
public enum GoJson {
    /** Escapes {@code <}, {@code >} and {@code &}: records, blobs and progress streams. */
    HTML_ESCAPED("<>&"),
    /** Leaves them as they are: ordinary answers of the API. */
    PLAIN("");

    private static final int MAX_DEPTH = 100;

    private static final JsonTrees READER = JsonTrees.with(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build()).exact();

    @SuppressWarnings("ImmutableEnumChecker") // it is immutable, it only lacks the annotation
    private final JsonTrees writer;

    GoJson(String escaped) {
        this.writer = JsonTrees.with(JsonFactory.builder()
                .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .characterEscapes(new Escapes(escaped))
                .build());
    }

    /** The bytes of a tree, without a final newline. */
    public byte[] write(JsonNode tree) {
        return writer.write(tree);
    }

    /** The bytes of a tree and a newline, as Go's encoder ends each value. */
    public byte[] writeLine(JsonNode tree) {
        byte[] json = write(tree);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /**
     * Reads one JSON value. Of a key that occurs twice the last wins, as in Go.
     *
     * @throws InvalidPluginConfigException if the bytes are not exactly one JSON value of bounded depth
     */
    public static JsonNode read(byte[] json) {
        try {
            JsonNode value = READER.read(json);
            if (value.isMissingNode()) {
                throw new InvalidPluginConfigException("not valid JSON: the document is empty");
            }
            return value;
        } catch (JacksonException e) {
            throw new InvalidPluginConfigException(
                    "not valid JSON" + place(e) + ": " + JsonFault.reason(e));
        }
    }

    private static String place(JacksonException e) {
        @Nullable
        TokenStreamLocation where = e.getLocation(); // absent when a limit was hit
        return where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr();
    }

    /** Which characters are escaped beyond what JSON itself demands. */
    private static final class Escapes extends CharacterEscapes {

        @Serial
        private static final long serialVersionUID = 1L;

        private static final SerializedString LINE_SEPARATOR = new SerializedString("\\u2028");
        private static final SerializedString PARAGRAPH_SEPARATOR = new SerializedString("\\u2029");

        private final int[] ascii = standardAsciiEscapesForJSON();

        Escapes(String escaped) {
            escaped.chars().forEach(c -> ascii[c] = ESCAPE_STANDARD);
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int ch) {
            return switch (ch) {
                case 0x2028 -> LINE_SEPARATOR;
                case 0x2029 -> PARAGRAPH_SEPARATOR;
                default -> null;
            };
        }
    }
}
