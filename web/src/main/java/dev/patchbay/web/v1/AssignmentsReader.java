package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.text.MediaName;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Json;
import dev.patchbay.web.Utf8;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/**
 * {@code Assignments}: the body of a request that changes settings. Messages never repeat what was sent: it may be
 * secret.
 */
final class AssignmentsReader {
    private static final String FIELD = "assignments";
    private static final String FORM = "the body must be a JSON object such as {\"" + FIELD
            + "\": [\"DEBUG=1\"]}";

    private final ObjectReader reader = Json.mapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** The assignments; fails with {@link HttpFailure} or {@link InvalidRequestException}. */
    Mono<List<String>> read(Exchange exchange) {
        return Mono.defer(() -> {
            String type = exchange.header("Content-Type").orElse("");
            if (!MediaName.of(type).equals("application/json")) {
                throw new HttpFailure(415, "the body's Content-Type must be application/json, not "
                        + Parameters.shown(type));
            }
            return exchange.body().bytes().map(this::decode);
        });
    }

    private List<String> decode(byte[] body) {
        JsonNode root = tree(body);
        JsonNode list = root.path(FIELD);
        if (!root.isObject() || root.size() != 1 || !list.isArray()) {
            throw new InvalidRequestException(FORM, null);
        }
        var assignments = new ArrayList<String>(list.size());
        for (JsonNode item : list) {
            if (!item.isString()) {
                throw new InvalidRequestException(FORM + "; item " + assignments.size() + " is not a text",
                        null);
            }
            assignments.add(item.stringValue());
        }
        return assignments;
    }

    private JsonNode tree(byte[] body) {
        try {
            return reader.readTree(Utf8.decode(body)
                    .orElseThrow(() -> new InvalidRequestException(FORM + "; it is not UTF-8", null)));
        } catch (JacksonException _) {
            throw new InvalidRequestException(FORM + "; it is not JSON", null); // the parser's words quote the body
        }
    }
}
