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
 * @param wayOut whether root may do it whatever authorization plugins say
 */
record NativeRoute(HttpMethod method, String path, Set<String> parameters, Handler handler,
        Route.WayOut wayOut) {
    /** Where the native API lives. */
    static final String PREFIX = "/patchbay/v1";

    private static final ProblemShape PROBLEM = new ProblemShape();

    /** Copies the names. */
    NativeRoute {
        parameters = Set.copyOf(parameters);
    }

    /** A row that is not open to root. */
    NativeRoute(HttpMethod method, String path, Set<String> parameters, Handler handler) {
        this(method, path, parameters, handler, Route.WayOut.CLOSED);
    }

    /** This row, open to root. */
    NativeRoute openToRoot() {
        return new NativeRoute(method, path, parameters, handler, Route.WayOut.OPEN_TO_ROOT);
    }

    /** This row for the server's table. */
    Route route() {
        return new Route(method, PathPattern.of(PREFIX + path), this::handle, wayOut);
    }

    /** A row for all paths of the native API, whatever their parameters, for the end of the table. */
    static Route any(HttpMethod method, Handler handler) {
        return new Route(method, PathPattern.of(PREFIX + "/{rest:.*}"),
                exchange -> answer(exchange, handler));
    }

    private Mono<Reply> handle(Exchange exchange) {
        return answer(exchange, asked -> {
            Parameters.known(asked.target(), parameters);
            return handler.handle(asked);
        });
    }

    private static Mono<Reply> answer(Exchange exchange, Handler handler) {
        return Mono.defer(() -> handler.handle(exchange))
                .onErrorResume(
                        Throwable.class,
                        failure -> Mono.just(PROBLEM.reply(Problem.of(failure, exchange.caller()))));
    }
}
