package dev.patchbay.web.v1;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The rules of AsyncAPI 3.0 for the objects that the description of the event stream has, written down from the
 * specification: no artefact of ours or of the registry that builds use has its schema. What is not described here is wrong.
 */
final class AsyncApiRules {
    private static final String EXTENSION = "^x-[\\w.\\-]+$";
    private static final String NAME = "^[a-zA-Z0-9.\\-_]+$";
    private static final Set<String> TYPES = Set.of("object", "array", "string", "boolean", "integer",
            "number",
            "null");

    /** The keywords of JSON Schema draft 7 that are used, and what their values are. */
    private static final Map<String, Predicate<JsonNode>> KEYWORDS = Map.ofEntries(
            Map.entry("type", type -> type.isString() && TYPES.contains(type.stringValue())),
            Map.entry("description", JsonNode::isString),
            Map.entry("pattern", JsonNode::isString),
            Map.entry("format", JsonNode::isString),
            Map.entry("minimum", JsonNode::isNumber),
            Map.entry("maximum", JsonNode::isNumber),
            Map.entry("const", _ -> true),
            Map.entry("default", _ -> true),
            Map.entry("enum", JsonNode::isArray),
            Map.entry("required", AsyncApiRules::isListOfNames),
            Map.entry("properties", JsonNode::isObject),
            Map.entry("items", JsonNode::isObject),
            Map.entry("oneOf", some -> some.isArray() && !some.isEmpty()),
            Map.entry("additionalProperties", one -> one.isBoolean() || one.isObject()));

    private final JsonNode document;
    private final Map<String, JsonNode> others;
    private final List<String> problems = new ArrayList<>();

    /** What an object of one kind has. */
    private record Fields(Set<String> required, Set<String> allowed) {
        static Fields of(List<String> required, String... more) {
            return new Fields(Set.copyOf(required), Set.of(more));
        }
    }

    private static final Fields ROOT = Fields.of(List.of("asyncapi", "info"), "id", "servers",
            "defaultContentType", "channels", "operations", "components");
    private static final Fields INFO = Fields.of(List.of("title", "version"), "description", "termsOfService",
            "contact", "license", "tags", "externalDocs");
    private static final Fields CHANNEL = Fields.of(List.of(), "address", "messages", "title", "summary",
            "description", "servers", "parameters", "tags", "externalDocs", "bindings");
    private static final Fields WEBSOCKET = Fields.of(List.of(), "method", "query", "headers",
            "bindingVersion");
    private static final Fields OPERATION = Fields.of(List.of("action", "channel"), "title", "summary",
            "description", "security", "tags", "externalDocs", "bindings", "traits", "messages", "reply");
    private static final Fields MESSAGE = Fields.of(List.of(), "headers", "payload", "correlationId",
            "contentType", "name", "title", "summary", "description", "tags", "externalDocs", "bindings",
            "examples", "traits");
    private static final Fields EXAMPLE = Fields.of(List.of(), "headers", "payload", "name", "summary");
    private static final Fields COMPONENTS = Fields.of(List.of(), "schemas", "messages");

    private AsyncApiRules(JsonNode document, Map<String, JsonNode> others) {
        this.document = document;
        this.others = others;
    }

    /** What breaks the rules in a document; others are those that it may refer to, by their name. */
    static List<String> problems(JsonNode document, Map<String, JsonNode> others) {
        var rules = new AsyncApiRules(document, others);
        rules.check();
        return rules.problems;
    }

    private void check() {
        has("$", document, ROOT);
        require(document.path("asyncapi").asString("").matches("3\\.0\\.\\d+"), "$: is of another version");
        has("info", document.path("info"), INFO);
        named("channels", document.path("channels"), this::channel);
        named("operations", document.path("operations"), this::operation);
        has("components", document.path("components"), COMPONENTS);
        named("components.messages", document.at("/components/messages"), this::message);
        named("components.schemas", document.at("/components/schemas"), this::schema);
    }

    private void channel(String at, JsonNode channel) {
        has(at, channel, CHANNEL);
        named(at + ".messages", channel.path("messages"), this::message);
        channel.path("bindings").properties().forEach(binding -> {
            require(binding.getKey().equals("ws"), at + ": has a binding to " + binding.getKey());
            JsonNode ws = binding.getValue();
            has(at + ".ws", ws, WEBSOCKET);
            require(Set.of("GET", "POST").contains(ws.path("method").asString("GET")),
                    at + ".ws: has a method");
            Stream.of("query", "headers").filter(ws::has).forEach(of -> {
                schema(at + ".ws." + of, ws.get(of));
                require(ws.get(of).path("type").asString("").equals("object") && ws.get(of).has("properties"),
                        at + ".ws." + of + ": is no object with properties");
            });
        });
    }

    private void operation(String at, JsonNode operation) {
        has(at, operation, OPERATION);
        require(Set.of("send", "receive").contains(operation.path("action").asString("")),
                at + ": has an action");
        String channel = operation.at("/channel/$ref").asString("");
        require(channel.startsWith("#/channels/") && reference(at, operation.path("channel")),
                at + ": has no channel");
        for (JsonNode message : operation.path("messages")) {
            String reference = message.path("$ref").asString("");
            require(reference.startsWith(channel + "/messages/") && reference(at, message),
                    at + ": " + message + " is none of its channel's messages");
        }
    }

    private void message(String at, JsonNode message) {
        if (reference(at, message)) {
            return;
        }
        has(at, message, MESSAGE);
        schema(at + ".payload", message.path("payload"));
        for (JsonNode example : message.path("examples")) {
            has(at + ".examples", example, EXAMPLE);
            require(example.has("payload") || example.has("headers"), at + ".examples: one is empty");
        }
    }

    private void schema(String at, JsonNode schema) {
        if (schema.isBoolean() || reference(at, schema)) {
            return;
        }
        require(schema.isObject(), at + ": is no schema");
        schema.properties()
                .stream()
                .filter(rule -> !rule.getKey().matches(EXTENSION))
                .forEach(rule -> require(
                        KEYWORDS.getOrDefault(rule.getKey(), _ -> false).test(rule.getValue()),
                        at + ": " + rule + " is no rule of JSON Schema"));
        schema.path("properties")
                .properties()
                .forEach(one -> schema(at + "." + one.getKey(), one.getValue()));
        schema.path("oneOf").forEach(one -> schema(at + ".oneOf", one));
        Stream.of("items", "additionalProperties")
                .filter(schema::has)
                .forEach(more -> schema(at + "." + more, schema.get(more)));
        schema.path("required")
                .forEach(name -> require(schema.path("properties").has(name.asString("")),
                        at + ": requires " + name + " and does not describe it"));
    }

    /** Whether it is a reference; that it leads somewhere is checked. */
    private boolean reference(String at, JsonNode node) {
        if (!node.has("$ref")) {
            return false;
        }
        require(node.size() == 1, at + ": a reference has nothing beside it");
        String[] parts = node.get("$ref").asString("").split("#", 2);
        JsonNode there = parts[0].isEmpty() ? document : others.get(parts[0]);
        require(parts.length == 2 && there != null && !there.at(parts[1]).isMissingNode(),
                at + ": nothing is at " + node.get("$ref"));
        return true;
    }

    private interface Check {
        void of(String at, JsonNode node);
    }

    private void named(String at, JsonNode all, Check check) {
        require(all.isObject() && !all.isEmpty(), at + ": has nothing");
        all.properties().forEach(one -> {
            require(one.getKey().matches(NAME), at + ": " + one.getKey() + " is no name");
            check.of(at + "." + one.getKey(), one.getValue());
        });
    }

    private void has(String at, JsonNode object, Fields fields) {
        fields.required().forEach(field -> require(object.has(field), at + ": has no " + field));
        object.propertyNames()
                .forEach(
                        field -> require(fields.required().contains(field) || fields.allowed().contains(field)
                                || field.matches(EXTENSION), at + ": has a " + field));
    }

    private static boolean isListOfNames(JsonNode list) {
        return list.isArray() && list.valueStream().allMatch(JsonNode::isString)
                && list.valueStream().distinct().count() == list.size();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(otherwise);
        }
    }
}
