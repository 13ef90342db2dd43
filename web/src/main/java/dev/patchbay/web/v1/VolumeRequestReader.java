package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.text.MediaName;
import dev.patchbay.volume.VolumeRequest;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Json;
import dev.patchbay.web.Utf8;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** {@code VolumeRequest}: the body of a request that makes a volume. Messages never repeat values: they may be secret. */
final class VolumeRequestReader {
    private static final String FORM = "the body must be a JSON object such as {\"name\":\"db\",\"driver\":\"sshfs\","
            + "\"options\":{\"KEY\":\"VALUE\"},\"labels\":{}}";
    private static final Set<String> FIELDS = Set.of("name", "driver", "options", "labels");

    private final ObjectReader reader = Json.mapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** The request; fails with {@link HttpFailure} or {@link InvalidRequestException}. */
    Mono<VolumeRequest> read(Exchange exchange) {
        return Mono.defer(() -> {
            String type = exchange.header("Content-Type").orElse("");
            if (!MediaName.of(type).equals("application/json")) {
                throw new HttpFailure(415, "the body's Content-Type must be application/json, not "
                        + Parameters.shown(type));
            }
            return exchange.body().bytes().map(this::decode);
        });
    }

    private VolumeRequest decode(byte[] body) {
        JsonNode root = tree(body);
        if (!root.isObject() || !FIELDS.containsAll(root.propertyNames())) {
            throw invalid(FORM);
        }
        return new VolumeRequest(text(root, "name"), text(root, "driver"), texts(root, "options"),
                texts(root, "labels"));
    }

    private JsonNode tree(byte[] body) {
        try {
            return reader.readTree(Utf8.decode(body).orElseThrow(() -> invalid(FORM + "; it is not UTF-8")));
        } catch (JacksonException _) {
            throw invalid(FORM + "; it is not JSON"); // the parser's words quote the body
        }
    }

    private static String text(JsonNode root, String field) {
        JsonNode value = root.path(field);
        if (!value.isMissingNode() && !value.isString()) {
            throw invalid(FORM + "; " + field + " is not a text");
        }
        return value.asString("");
    }

    private static Map<String, String> texts(JsonNode root, String field) {
        JsonNode value = root.path(field);
        if (!value.isMissingNode() && !value.isObject()) {
            throw invalid(FORM + "; " + field + " is not an object");
        }
        var texts = new LinkedHashMap<String, String>();
        value.properties().forEach(entry -> {
            if (!entry.getValue().isString()) {
                throw invalid(FORM + "; a value of " + field + " is not a text");
            }
            texts.put(entry.getKey(), entry.getValue().stringValue());
        });
        return texts;
    }

    private static InvalidRequestException invalid(String message) {
        return new InvalidRequestException(message, null);
    }
}
