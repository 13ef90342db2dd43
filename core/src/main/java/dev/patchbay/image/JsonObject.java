package dev.patchbay.image;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.plugin.JsonFault;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * An object of a manifest, read strictly: every reader must see the same in it. So no key may occur twice, nor in two
 * spellings that differ in case only (Go takes either for the same), nor may anything follow the document.
 *
 * <p>Every fault is an {@link InvalidImageException} that names the place.
 */
final class JsonObject {
    /** No manifest nests deeper than an annotation in a descriptor; extensions may. */
    private static final int MAX_DEPTH = 32;
    private static final int MAX_TEXT = 4096;
    private static final int SHOWN = 200;

    private static final JsonTrees READER = JsonTrees.with(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(100)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final String place;
    private final JsonNode node;
    private final TreeMap<String, String> keys = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private JsonObject(String place, JsonNode node) {
        this.place = place;
        this.node = node;
        for (String key : node.propertyNames()) {
            String twin = keys.put(key, key);
            if (twin != null) {
                throw new InvalidImageException(
                        place + " is ambiguous: it has " + quoted(twin) + " and " + quoted(key));
            }
        }
    }

    static JsonObject parse(String place, byte[] bytes) {
        try {
            JsonNode node = READER.read(text(place, bytes));
            if (!node.isObject()) {
                throw new InvalidImageException(place + " is not a JSON object");
            }
            return new JsonObject(place, node);
        } catch (JacksonException e) {
            throw new InvalidImageException(place + " is not JSON: " + quotedRest(JsonFault.reason(e)), e);
        }
    }

    private static String text(String place, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidImageException(place + " is not JSON: it is not UTF-8", e);
        }
    }

    /** Text from outside, fit for a message: quoted, in one line, cut. */
    static String quoted(String text) {
        return '"' + quotedRest(text) + '"';
    }

    private static String quotedRest(String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}|\\p{Cf}", "?");
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    JsonObject object(String key) {
        return optionalObject(key).orElseThrow(() -> missing(key));
    }

    Optional<JsonObject> optionalObject(String key) {
        return value(key).map(value -> object(path(key), value));
    }

    /** The objects of a list; none if the list is absent. */
    List<JsonObject> objects(String key, int most) {
        List<JsonNode> nodes = list(key);
        if (nodes.size() > most) {
            throw new InvalidImageException(
                    path(key) + " has " + nodes.size() + " entries, more than the " + most
                            + " that are taken");
        }
        var objects = new ArrayList<JsonObject>();
        for (JsonNode element : nodes) {
            objects.add(object(path(key) + "[" + objects.size() + "]", element));
        }
        return objects;
    }

    List<String> texts(String key) {
        return list(key).stream().map(element -> text(key, element)).toList();
    }

    String text(String key) {
        return optionalText(key).orElseThrow(() -> missing(key));
    }

    Optional<String> optionalText(String key) {
        return value(key).map(value -> text(key, value));
    }

    long number(String key) {
        return optionalNumber(key).orElseThrow(() -> missing(key));
    }

    Optional<Long> optionalNumber(String key) {
        return value(key).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw new InvalidImageException(path(key) + " is not a whole number");
            }
            return value.longValue();
        });
    }

    Digest digest(String key) {
        String text = text(key);
        try {
            return Digest.parse(text);
        } catch (InvalidDigestException e) {
            throw new InvalidImageException(
                    path(key) + " is no digest: " + quoted(text) + " (" + e.getMessage() + ")", e);
        }
    }

    private static JsonObject object(String place, JsonNode value) {
        if (!value.isObject()) {
            throw new InvalidImageException(place + " is not a JSON object");
        }
        return new JsonObject(place, value);
    }

    private List<JsonNode> list(String key) {
        return value(key).map(value -> {
            if (!value.isArray()) {
                throw new InvalidImageException(path(key) + " is not a list");
            }
            return List.copyOf(value.values());
        }).orElse(List.of());
    }

    private String text(String key, JsonNode value) {
        if (!value.isString()) {
            throw new InvalidImageException(path(key) + " is not a text");
        }
        String text = value.stringValue();
        if (text.length() > MAX_TEXT) {
            throw new InvalidImageException(path(key) + " is longer than " + MAX_TEXT + " characters");
        }
        return text;
    }

    /** A null counts as absent, as in Go. */
    private Optional<JsonNode> value(String key) {
        String spelled = keys.get(key);
        if (spelled != null && !spelled.equals(key)) {
            throw new InvalidImageException(place + " has " + quoted(spelled) + " where only "
                    + quoted(key) + " is meant the same by everybody");
        }
        return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
    }

    private InvalidImageException missing(String key) {
        return new InvalidImageException(path(key) + " is missing");
    }

    private String path(String key) {
        return place + ": " + key;
    }
}
