package dev.patchbay.web;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * One request as its handler sees it.
 *
 * @param target what it asks for
 * @param headers its headers; only to be read
 * @param body its body
 * @param caller who sent it
 * @param closing completes when the server closes; whatever answers without end must end then
 */
public record Exchange(Target target, HttpHeaders headers, Body body, Caller caller, Mono<Void> closing) {
    /** This exchange with its body as it was read. */
    Exchange with(Body read) {
        return new Exchange(target, headers, read, caller, closing);
    }

    /** The value of a path variable; empty if the pattern found none. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(target.variables().get(name));
    }

    /** The value of a path variable that the route's pattern always has. */
    public String required(String name) {
        return variable(name)
                .orElseThrow(() -> new IllegalStateException("the route has no variable " + name));
    }

    /** The first value of a query parameter. */
    public Optional<String> query(String name) {
        return target.query(name);
    }

    /** The first value of a header. */
    public Optional<String> header(CharSequence name) {
        return Optional.ofNullable(headers.get(name));
    }
}
