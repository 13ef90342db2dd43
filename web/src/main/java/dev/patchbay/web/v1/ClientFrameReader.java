package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.event.EventFilter;
import dev.patchbay.web.Json;
import dev.patchbay.web.feed.Wish;
import java.time.Clock;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads what clients say. Never fails: what cannot be read is a frame of its own.
 *
 * @param clock what a time such as {@code 10m} counts back from
 */
record ClientFrameReader(Clock clock) {
    private static final Pattern SUB = Pattern
            .compile("[A-Za-z0-9._-]{1," + StreamLimits.MAX_SUB_LENGTH + "}");

    ClientFrame read(String text) {
        JsonNode tree;
        try {
            tree = Json.mapper().readTree(text);
        } catch (JacksonException _) {
            return new ClientFrame.Noise("frames are JSON objects");
        }
        String kind = tree.path("frame").asString("");
        return switch (kind) {
            case "subscribe", "credit", "unsubscribe" -> known(kind, tree);
            default -> new ClientFrame.Noise("a frame is one of subscribe, credit and unsubscribe");
        };
    }

    private ClientFrame known(String kind, JsonNode tree) {
        String sub = tree.path("sub").isString() ? tree.path("sub").stringValue() : "";
        if (!SUB.matcher(sub).matches()) {
            return new ClientFrame.Wrong("",
                    "sub must be 1 to " + StreamLimits.MAX_SUB_LENGTH
                            + " letters, digits, dots, dashes and underscores");
        }
        try {
            return switch (kind) {
                case "subscribe" -> subscribe(sub, tree);
                case "credit" -> credit(sub, tree);
                default -> unsubscribe(sub, tree);
            };
        } catch (InvalidRequestException e) {
            return new ClientFrame.Wrong(sub, String.valueOf(e.getMessage()));
        }
    }

    private ClientFrame subscribe(String sub, JsonNode tree) {
        known(tree, Set.of("frame", "sub", "from", "filter", "credit"));
        return new ClientFrame.Subscribe(
                sub,
                tree.has("from") ? Since.read(tree.get("from"), clock) : Since.NOW,
                tree.has("filter") ? FilterReader.read(tree.get("filter")) : EventFilter.ALL,
                tree.has("credit") ? number(tree, "credit", 0) : Wish.UNLIMITED);
    }

    private static ClientFrame credit(String sub, JsonNode tree) {
        known(tree, Set.of("frame", "sub", "n"));
        return new ClientFrame.Credit(sub, number(tree, "n", 1));
    }

    private static ClientFrame unsubscribe(String sub, JsonNode tree) {
        known(tree, Set.of("frame", "sub"));
        return new ClientFrame.Unsubscribe(sub);
    }

    private static void known(JsonNode tree, Set<String> names) {
        for (String name : tree.propertyNames()) {
            if (!names.contains(name)) {
                throw new InvalidRequestException("unknown field " + Parameters.shown(name) + "; there are "
                        + String.join(", ", names.stream().sorted().toList()), null);
            }
        }
    }

    private static long number(JsonNode tree, String name, long least) {
        JsonNode value = tree.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least
                || value.longValue() > StreamLimits.MAX_CREDIT) {
            throw new InvalidRequestException(
                    name + " must be a whole number from " + least + " to " + StreamLimits.MAX_CREDIT, null);
        }
        return value.longValue();
    }
}
