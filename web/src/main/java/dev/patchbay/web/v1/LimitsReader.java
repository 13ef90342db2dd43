package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.LimitsJson;
import dev.patchbay.text.MediaName;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import reactor.core.publisher.Mono;

/** {@code LimitOverrides}: the body of a request that gives a plugin limits of its own. */
final class LimitsReader {
    private LimitsReader() {}

    /** The limits; fails with {@link HttpFailure} or {@link InvalidRequestException}. */
    static Mono<LimitOverrides> read(Exchange exchange) {
        return Mono.defer(() -> {
            String type = exchange.header("Content-Type").orElse("");
            if (!MediaName.of(type).equals("application/json")) {
                throw new HttpFailure(415, "the body's Content-Type must be application/json, not "
                        + Parameters.shown(type));
            }
            return exchange.body().bytes().map(LimitsReader::decode);
        });
    }

    private static LimitOverrides decode(byte[] body) {
        try {
            return LimitsJson.read(body);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
        }
    }
}
