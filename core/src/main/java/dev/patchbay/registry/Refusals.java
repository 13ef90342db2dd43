package dev.patchbay.registry;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.text.Quoted;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.StringJoiner;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What an answer means that is not the one hoped for. */
final class Refusals {
    private static final int QUOTED_ERRORS = 3;

    private final RegistryRetries retries;
    private final InstantSource clock;

    Refusals(RegistryRetries retries, InstantSource clock) {
        this.retries = retries;
        this.clock = clock;
    }

    /** Fails with what the answer means, and closes it. */
    <T> Mono<T> refuse(Answer answer, Deed deed) {
        return answer.explanation()
                .flatMap(body -> answer.close().then(Mono.error(() -> meaning(answer, deed, body))));
    }

    private RegistryException meaning(Answer answer, Deed deed, String body) {
        int status = answer.status();
        String said = said(body);
        return switch (status) {
            case 401, 403 -> new RegistryException.Denied(denied(answer.request(), deed, said));
            case 404 -> new RegistryException.NotFound(sentence(answer, "does not have it", said));
            case 408, 429, 500, 502, 503, 504 -> unavailable(answer, said);
            default ->
                new RegistryException.Broken(sentence(answer, "answers with status " + status, said), null);
        };
    }

    private RegistryException unavailable(Answer answer, String said) {
        String reason = answer.status() == 429
                ? "has had too many requests"
                : "answers with status " + answer.status();
        Duration pause = answer.header("Retry-After").map(this::pause).orElse(Duration.ZERO);
        return pause.compareTo(retries.longestWait()) > 0
                ? RegistryException.Unavailable.toldForLong(
                        sentence(answer, reason + " and asks to wait " + pause.toSeconds() + " s", said))
                : RegistryException.Unavailable.told(sentence(answer, reason, said), pause);
    }

    /** RFC 9110, section 10.2.3: seconds or a date; what is neither counts as nothing. */
    private Duration pause(String text) {
        if (text.matches("\\d+")) {
            return Duration.ofSeconds(text.length() < 10 ? Long.parseLong(text) : Integer.MAX_VALUE);
        }
        try {
            var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            var pause = Duration.between(clock.instant(), until);
            return pause.isNegative() ? Duration.ZERO : pause;
        } catch (DateTimeException _) {
            return Duration.ZERO;
        }
    }

    /** Who refuses what, and why if it is said. */
    static String denied(Request request, Deed deed, String said) {
        return deed.denial() + ": cannot " + request.purpose() + ": " + request.origin() + " refuses"
                + (said.isEmpty() ? "" : ": " + said);
    }

    private static String sentence(Answer answer, String reason, String said) {
        return Failures.sentence(answer.request(), said.isEmpty() ? reason : reason + ": " + said);
    }

    /** What the registry says about it (OCI distribution specification, "Error Codes"), shortened; else nothing. */
    static String said(String body) {
        try {
            var said = new StringJoiner("; ");
            JsonNode root = JsonTrees.LENIENT.read(body);
            int told = 0;
            for (JsonNode error : root.path("errors")) {
                String code = error.path("code").asString("");
                String message = error.path("message").asString("");
                if (told++ < QUOTED_ERRORS && !(code + message).isEmpty()) {
                    said.add(code.isEmpty()
                            ? message
                            : message.isEmpty() ? code : code.toLowerCase(Locale.ROOT) + ": " + message);
                }
            }
            String details = root.path("details").asString("");
            return Quoted.shortened(said.length() == 0 ? details : said.toString());
        } catch (JacksonException _) {
            return ""; // a page for browsers, or cut off
        }
    }
}
