package dev.patchbay.web.docker;

import dev.patchbay.web.ErrorReplies;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.PathPattern;
import dev.patchbay.web.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What all of Docker's routes share: the check of the version and the headers that tell clients ours. */
final class ApiEdge {
    private static final String TEXT = "text/plain; charset=utf-8";

    private final String server;

    ApiEdge(String version) {
        this.server = "Docker/" + version + " (linux)"; // clients look for this pattern to learn the system
    }

    /** A handler that answers only versions we speak. */
    Handler around(Handler handler) {
        return exchange -> {
            Optional<ApiVersion> version = exchange.variable(PathPattern.VERSION).map(ApiVersion::new);
            Optional<Reply> refusal = version.flatMap(ApiEdge::refuse);
            if (refusal.isPresent()) {
                return Mono.just(withHeaders(refusal.get()));
            }
            return Mono.defer(() -> handler.handle(exchange))
                    .onErrorResume(Throwable.class,
                            failure -> Mono.just(ErrorReplies.of(failure, exchange.caller())))
                    .map(reply -> withHeaders(reply).with("Docker-Experimental", "false"));
        };
    }

    /** The version that a request is to be answered in. */
    static ApiVersion version(Exchange exchange) {
        return exchange.variable(PathPattern.VERSION).map(ApiVersion::new).orElse(ApiVersion.MAX);
    }

    static Handler notImplemented(String sentence) {
        return _ -> Mono.error(new HttpFailure(501, sentence));
    }

    private static Optional<Reply> refuse(ApiVersion version) {
        if (version.isBefore(ApiVersion.MIN)) {
            // Clients that old do not know errors in JSON.
            return Optional.of(
                    text(400, "client version " + version + " is too old. Minimum supported API version is "
                            + ApiVersion.MIN + ", please upgrade your client to a newer version\n"));
        }
        if (ApiVersion.MAX.isBefore(version)) {
            return Optional.of(ErrorReplies.of(400, "client version " + version
                    + " is too new. Maximum supported API version is " + ApiVersion.MAX));
        }
        return Optional.empty();
    }

    static Reply text(int status, String text) {
        return new Reply.Full(status, Map.of("Content-Type", TEXT), text.getBytes(StandardCharsets.UTF_8));
    }

    private Reply withHeaders(Reply reply) {
        return reply.with("Api-Version", ApiVersion.MAX.text())
                .with("Ostype", "linux")
                .with("Server", server);
    }
}
