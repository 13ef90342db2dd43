package dev.patchbay.web.v1;

import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.PathPattern;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * One row of the native API.
 *
 * @param method the method
 * @param path the path below {@link #PREFIX}, as a {@link PathPattern}
 * @param parameters the query parameters that it takes; others are refused
 * @param handler who answers; its failures become problem details
 */
record NativeRoute(HttpMethod method, String path, Set<String> parameters, Handler handler) {
    /** Where the native API lives. */
    static final String PREFIX = "/patchbay/v1";

    private static final ProblemShape PROBLEM = new ProblemShape();

    /** Copies the names. */
    NativeRoute {
        parameters = Set.copyOf(parameters);
    }

    /** This row for the server's table. */
    Route route() {
        return new Route(method, PathPattern.of(PREFIX + path), this::handle);
    }

    private Mono<Reply> handle(Exchange exchange) {
        return Mono.defer(() -> {
            Parameters.known(exchange.target(), parameters);
            return handler.handle(exchange);
        })
                .onErrorResume(
                        Throwable.class,
                        failure -> Mono.just(PROBLEM.reply(Problem.of(failure, exchange.caller()))));
    }
}
