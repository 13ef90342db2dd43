package dev.patchbay.web.v1;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Holds values against the part of JSON Schema that the API's description uses. A keyword it does not know fails. */
final class SchemaChecker {
    private static final Set<String> NOTES = Set.of("description", "default", "example", "examples");

    private final JsonNode document;
    private final Map<String, JsonNode> others;

    SchemaChecker(JsonNode document) {
        this(document, Map.of());
    }

    /** One that follows references into other documents, by their name. */
    SchemaChecker(JsonNode document, Map<String, JsonNode> others) {
        this.document = document;
        this.others = others;
    }

    /** What is wrong with a value; empty if nothing is. */
    List<String> problems(JsonNode schema, JsonNode value) {
        var problems = new ArrayList<String>();
        check(schema, value, "$", problems);
        return problems;
    }

    private void check(JsonNode schema, JsonNode value, String at, List<String> problems) {
        for (Map.Entry<String, JsonNode> rule : schema.properties()) {
            if (!NOTES.contains(rule.getKey()) && !holds(schema, rule, value, at, problems)) {
                problems.add(
                        at + ": " + rule.getKey() + " " + rule.getValue() + " does not hold for " + value);
            }
        }
    }

    private boolean holds(
            JsonNode schema,
            Map.Entry<String, JsonNode> rule,
            JsonNode value,
            String at,
            List<String> problems) {
        JsonNode want = rule.getValue();
        return switch (rule.getKey()) {
            case "$ref" -> {
                refer(want.stringValue(), value, at, problems);
                yield true;
            }
            case "type" -> isOfType(want.stringValue(), value);
            case "const" -> want.equals(value);
            case "enum" -> want.values().contains(value);
            case "pattern" ->
                !value.isString() || Pattern.compile(want.stringValue()).matcher(value.stringValue()).find();
            case "format" -> want.stringValue().equals("date-time") && isTime(value);
            case "minimum" -> !value.isNumber() || value.asLong() >= want.asLong();
            case "maximum" -> !value.isNumber() || value.asLong() <= want.asLong();
            case "maxItems" -> !value.isArray() || value.size() <= want.asInt();
            case "required" -> want.values().stream().allMatch(name -> value.has(name.stringValue()));
            case "oneOf" -> want.values().stream().filter(one -> problems(one, value).isEmpty()).count() == 1;
            case "items" -> {
                for (int i = 0; i < value.size(); i++) {
                    check(want, value.get(i), at + "[" + i + "]", problems);
                }
                yield true;
            }
            case "properties" -> {
                want.properties()
                        .stream()
                        .filter(property -> value.has(property.getKey()))
                        .forEach(property -> check(
                                property.getValue(), value.get(property.getKey()),
                                at + "." + property.getKey(), problems));
                yield true;
            }
            case "additionalProperties" -> additional(schema, want, value, at, problems);
            default -> false;
        };
    }

    private void refer(String reference, JsonNode value, String at, List<String> problems) {
        int hash = reference.indexOf('#');
        if (hash == 0) {
            check(resolve(reference), value, at, problems);
        } else {
            var other = new SchemaChecker(Objects.requireNonNull(others.get(reference.substring(0, hash))));
            other.check(other.resolve(reference.substring(hash)), value, at, problems);
        }
    }

    private boolean additional(JsonNode schema, JsonNode want, JsonNode value, String at,
            List<String> problems) {
        List<Map.Entry<String, JsonNode>> others = value.properties()
                .stream()
                .filter(property -> !schema.path("properties").has(property.getKey()))
                .toList();
        if (want.isBoolean()) {
            return want.booleanValue() || others.isEmpty();
        }
        others.forEach(property -> check(want, property.getValue(), at + "." + property.getKey(), problems));
        return true;
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> false;
        };
    }

    private static boolean isTime(JsonNode value) {
        try {
            return value.stringValue().endsWith("Z")
                    && Instant.parse(value.stringValue()).isAfter(Instant.EPOCH);
        } catch (DateTimeException _) {
            return false;
        }
    }

    /** What a reference within the document points to, or the node itself if it is none. */
    JsonNode follow(JsonNode node) {
        return node.has("$ref") ? resolve(node.get("$ref").stringValue()) : node;
    }

    private JsonNode resolve(String pointer) {
        JsonNode found = document.at(pointer.substring(1));
        if (found.isMissingNode()) {
            throw new AssertionError("nothing at " + pointer);
        }
        return found;
    }
}
