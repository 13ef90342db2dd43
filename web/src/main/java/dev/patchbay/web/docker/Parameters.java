package dev.patchbay.web.docker;

import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * The form parameters of a request: those of a form body of a POST first, then those of the query.
 *
 * @param body from the body
 * @param query from the query
 */
record Parameters(Map<String, List<String>> body, Map<String, List<String>> query) {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int MAX_PARAMETERS = 1024;
    private static final int SHORT = 64;

    /** As moby reads booleans ({@code daemon/server/httputils}). */
    private static final Set<String> FALSE = Set.of("", "0", "no", "false", "none");

    /** Reads them; fails with 400 for a malformed body. */
    static Mono<Parameters> of(Exchange exchange) {
        Map<String, List<String>> query = exchange.target().query();
        String type = exchange.header(HttpHeaderNames.CONTENT_TYPE).orElse("");
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!exchange.target().method().equals(HttpMethod.POST) || !media.equals(FORM)) {
            return Mono.just(new Parameters(Map.of(), query));
        }
        return exchange.body()
                .bytes()
                .map(bytes -> new Parameters(decode(new String(bytes, StandardCharsets.UTF_8)), query));
    }

    private static Map<String, List<String>> decode(String text) {
        try {
            return new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MAX_PARAMETERS, true)
                    .parameters();
        } catch (IllegalArgumentException e) {
            throw HttpFailure.badRequest("the form in the request body is malformed: " + e.getMessage());
        }
    }

    /** The first value, empty if there is none. */
    String first(String name) {
        List<String> values = body.getOrDefault(name, query.getOrDefault(name, List.of()));
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** Whether a boolean is true. */
    boolean isSet(String name) {
        return !FALSE.contains(first(name).strip().toLowerCase(Locale.ROOT));
    }

    /** A client's text for a message. */
    static String shortened(String text) {
        return text.length() <= SHORT ? text : text.substring(0, SHORT) + "…";
    }
}
