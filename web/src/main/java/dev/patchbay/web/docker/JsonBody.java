package dev.patchbay.web.docker;

import dev.patchbay.plugin.JsonFault;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Json;
import dev.patchbay.web.Utf8;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Bodies in JSON. What is taken and what is refused, and the words for it, are those of moby
 * ({@code daemon/server/httputils}); only the decoder's own words differ.
 */
final class JsonBody {
    private static final ObjectReader READER = Json.mapper()
            .reader()
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS); // what trails has a message of its own

    private JsonBody() {}

    /** A list of strings; empty for no body or {@code null}. Fails with 400. */
    static Mono<List<String>> strings(Exchange exchange) {
        return tree(exchange).map(tree -> items(tree, "Go value of type []string")
                .map(value -> text(value, "Go value of type string"))
                .toList());
    }

    /** Whatever it is; {@code null} if there is no body. Fails with 400. */
    static Mono<JsonNode> tree(Exchange exchange) {
        return Mono.defer(() -> {
            Optional<String> type = exchange.header(HttpHeaderNames.CONTENT_TYPE);
            boolean absent = exchange.body().isAbsent();
            if (type.isPresent() || !absent) {
                MediaType.problemAsJson(type.orElse("")).ifPresent(problem -> {
                    throw HttpFailure.badRequest(problem);
                });
            }
            return absent
                    ? Mono.just(JsonNodeFactory.instance.nullNode())
                    : exchange.body().bytes().map(JsonBody::read);
        });
    }

    private static JsonNode read(byte[] bytes) {
        if (isBlank(bytes)) {
            throw HttpFailure.badRequest("invalid JSON: got EOF while reading request body");
        }
        String text = Utf8.decode(bytes)
                .orElseThrow(() -> HttpFailure.badRequest("invalid JSON: it is not UTF-8"));
        try (JsonParser parser = READER.createParser(text)) {
            JsonNode tree = READER.readTree(parser);
            if (hasMore(parser)) {
                throw HttpFailure.badRequest("unexpected content after JSON");
            }
            return tree;
        } catch (JacksonException e) {
            throw HttpFailure.badRequest("invalid JSON: " + JsonFault.reason(e));
        }
    }

    private static boolean hasMore(JsonParser parser) {
        try {
            return parser.nextToken() != null;
        } catch (StreamReadException _) {
            return true; // not even JSON
        }
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }

    /** The items of a list; none for {@code null}. */
    static Stream<JsonNode> items(JsonNode tree, String wanted) {
        if (tree.isNull()) {
            return Stream.empty();
        }
        if (!tree.isArray()) {
            throw mismatch(tree, wanted);
        }
        return tree.valueStream();
    }

    /** A text; empty for {@code null}. */
    static String text(JsonNode value, String wanted) {
        if (!value.isString() && !value.isNull()) {
            throw mismatch(value, wanted);
        }
        return value.asString("");
    }

    /** The refusal of a value of another type. */
    static HttpFailure mismatch(JsonNode node, String wanted) {
        String found = switch (node.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case NULL, MISSING -> "null";
        };
        return HttpFailure.badRequest("invalid JSON: json: cannot unmarshal " + found + " into " + wanted);
    }
}
