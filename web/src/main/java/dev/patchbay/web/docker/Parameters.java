package dev.patchbay.web.docker;

import dev.patchbay.text.MediaName;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.FormText;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Utf8;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
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
    private static final String FORM_BODY = "the form in the request body";
    private static final int SHORT = 64;

    /** As moby reads booleans ({@code daemon/server/httputils}). */
    private static final Set<String> FALSE = Set.of("", "0", "no", "false", "none");

    /** Reads them; fails with 400 for a malformed body. */
    static Mono<Parameters> of(Exchange exchange) {
        Map<String, List<String>> query = exchange.target().query();
        String type = exchange.header(HttpHeaderNames.CONTENT_TYPE).orElse("");
        String media = MediaName.of(type);
        if (!exchange.target().method().equals(HttpMethod.POST) || !media.equals(FORM)) {
            return Mono.just(new Parameters(Map.of(), query));
        }
        return exchange.body()
                .bytes()
                .map(bytes -> new Parameters(FormText.read(text(bytes), FORM_BODY), query));
    }

    private static String text(byte[] bytes) {
        return Utf8.decode(bytes)
                .orElseThrow(() -> HttpFailure.badRequest(FORM_BODY + " is malformed: it is not UTF-8"));
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
