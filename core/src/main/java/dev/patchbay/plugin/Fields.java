package dev.patchbay.plugin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The fields of one JSON object, read as Go's decoder reads them into a struct.
 *
 * <p>A key in the field's own spelling or in any other case fits; of several the last in the text wins. {@code null} and
 * absence leave the zero value. A value of the wrong type is noted as a problem and reading goes on, so that one look
 * finds all of them. Whatever nobody asked for is {@link #unknown()}.
 */
final class Fields {

    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    private final Place place;
    private final List<ConfigProblem> problems;
    // Few enough that looking through them is faster than a map of folded names, of which a start would make thousands.
    private final List<Map.Entry<String, JsonNode>> found;
    private final List<String> asked = new ArrayList<>();

    /** Where something stands in the document, put into words only for a problem: a start reads a hundred thousand fields. */
    private sealed interface Place {
        /** All of it. */
        record Document() implements Place {
            @Override
            public String toString() {
                return "";
            }
        }

        /** A field of an object. */
        record Field(Place within, String name) implements Place {
            @Override
            public String toString() {
                return within instanceof Document ? name : within + "." + name;
            }
        }

        /** An element of a list. */
        record Element(Place list, int index) implements Place {
            @Override
            public String toString() {
                return list + "[" + index + "]";
            }
        }
    }

    private Fields(Place place, JsonNode object, List<ConfigProblem> problems) {
        this.place = place;
        this.problems = problems;
        this.found = new ArrayList<>(object.properties());
    }

    /** The fields of a whole document. Problems are added to the list. */
    static Fields of(JsonNode document, List<ConfigProblem> problems) {
        return of(new Place.Document(), document, problems);
    }

    private static Fields of(Place place, JsonNode node, List<ConfigProblem> problems) {
        var fields = new Fields(place, node.isObject() ? node : JsonNodeFactory.instance.objectNode(),
                problems);
        if (!node.isObject() && !isZero(node)) {
            fields.note(wrongType(place, "an object", node));
        }
        return fields;
    }

    String string(String name) {
        return optionalString(name).orElse("");
    }

    Optional<String> optionalString(String name) {
        JsonNode value = take(name);
        return isZero(value) ? Optional.empty() : Optional.of(text(at(name), value));
    }

    boolean bool(String name) {
        JsonNode value = take(name);
        if (!value.isBoolean() && !isZero(value)) {
            note(wrongType(at(name), "true or false", value));
        }
        return value.isBoolean() && value.booleanValue();
    }

    long uint32(String name) {
        JsonNode value = take(name);
        if (isZero(value)) {
            return 0;
        }
        boolean fits = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0
                && value.longValue() <= MAX_UINT32;
        if (!fits) {
            note(value.isNumber()
                    ? new ConfigProblem(at(name).toString(), "must be a whole number from 0 to " + MAX_UINT32)
                    : wrongType(at(name), "a number", value));
        }
        return fits ? value.longValue() : 0;
    }

    Slice<String> strings(String name) {
        return list(name, (where, node) -> isZero(node) ? "" : text(where, node));
    }

    <T> Slice<T> objects(String name, Function<Fields, T> reader) {
        return list(name, (where, node) -> reader.apply(of(where, node, problems)));
    }

    <T> Slice<T> parsedStrings(String name, Function<String, T> parser) {
        Slice<String> texts = strings(name);
        var parsed = new ArrayList<T>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            parse(new Place.Element(at(name), i), texts.items().get(i), parser).ifPresent(parsed::add);
        }
        return new Slice<>(parsed, texts.absent());
    }

    <T> Optional<T> parsedString(String name, Function<String, T> parser) {
        return parse(at(name), string(name), parser);
    }

    /** The object of that name; one without fields if it is absent. */
    Fields object(String name) {
        return of(at(name), take(name), problems);
    }

    /** The object of that name, if it is there. */
    Optional<Fields> optionalObject(String name) {
        JsonNode value = take(name);
        return isZero(value) ? Optional.empty() : Optional.of(of(at(name), value, problems));
    }

    /** The keys that nobody asked for until now. */
    UnknownKeys unknown() {
        var left = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonNode> field : found) {
            if (!isAsked(field.getKey())) {
                left.put(wellFormed(field.getKey()), field.getValue().toString());
            }
        }
        return left.isEmpty() ? UnknownKeys.NONE : new UnknownKeys(left);
    }

    /** Two letters are an i in another case to Java, and not to Go. */
    private static boolean isCalled(String name, String key) {
        return name.equalsIgnoreCase(key) && key.indexOf('\u0130') < 0 && key.indexOf('\u0131') < 0;
    }

    private boolean isAsked(String key) {
        for (String name : asked) {
            if (isCalled(name, key)) {
                return true;
            }
        }
        return false;
    }

    /** Past the limit problems are dropped: a few megabytes of nonsense must not become gigabytes of complaints. */
    private void note(ConfigProblem problem) {
        if (problems.size() < Findings.MAX_PROBLEMS) {
            problems.add(problem);
        }
    }

    private <T> Optional<T> parse(Place where, String text, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            note(new ConfigProblem(where.toString(), String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private <T> Slice<T> list(String name, ElementReader<T> reader) {
        JsonNode value = take(name);
        if (isZero(value)) {
            return Slice.none();
        }
        if (!value.isArray()) {
            note(wrongType(at(name), "a list", value));
            return Slice.none();
        }
        var items = new ArrayList<T>(value.size());
        for (JsonNode element : value) {
            items.add(reader.read(new Place.Element(at(name), items.size()), element));
        }
        return Slice.of(items);
    }

    private String text(Place where, JsonNode value) {
        if (value.isString()) {
            return wellFormed(value.stringValue());
        }
        note(wrongType(where, "a string", value));
        return "";
    }

    private JsonNode take(String name) {
        asked.add(name);
        JsonNode value = JsonNodeFactory.instance.missingNode();
        for (Map.Entry<String, JsonNode> field : found) {
            if (isCalled(name, field.getKey())) {
                value = field.getValue(); // the last one counts
            }
        }
        return value;
    }

    private Place at(String name) {
        return new Place.Field(place, name);
    }

    private static boolean isZero(JsonNode node) {
        return node.isNull() || node.isMissingNode();
    }

    private static ConfigProblem wrongType(Place where, String expected, JsonNode found) {
        String kind = switch (found.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case NULL, MISSING, BINARY -> "nothing";
        };
        return new ConfigProblem(where.toString(), "expected " + expected + " but found " + kind);
    }

    /** Half a surrogate pair cannot be written as UTF-8; Go reads it as U+FFFD. */
    private static String wellFormed(String text) {
        if (!mayHaveSurrogates(text)) {
            return text;
        }
        var fixed = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(fixed::appendCodePoint);
        return fixed.toString();
    }

    private static boolean mayHaveSurrogates(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                return true;
            }
        }
        return false;
    }

    @FunctionalInterface
    private interface ElementReader<T> {
        T read(Place where, JsonNode element);
    }
}
