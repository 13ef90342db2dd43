package dev.patchbay.web.crash;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests to a unix socket, each once and on a connection of its own. Blocks; for any thread. */
final class SocketClient {
    /** Longer than anything that is asked for takes on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final JsonMapper JSON = JsonMapper.shared();

    private static final byte[] NOTHING = {};

    private final HttpClient client;

    SocketClient(Path socket) {
        SocketAddress address = new DomainSocketAddress(socket.toString());
        // Sent again by the client, a request could be carried out twice, and be answered for the second time only.
        client = HttpClient.newConnection()
                .remoteAddress(() -> address)
                .disableRetry(true)
                .responseTimeout(PATIENCE);
    }

    /** A request. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Request(HttpMethod method, String target, byte[] body, String type) {
        static Request get(String target) {
            return new Request(HttpMethod.GET, target, NOTHING, "text/plain");
        }

        static Request delete(String target) {
            return new Request(HttpMethod.DELETE, target, NOTHING, "text/plain");
        }

        static Request post(String target) {
            return json(target, "");
        }

        static Request json(String target, String body) {
            return new Request(HttpMethod.POST, target, body.getBytes(StandardCharsets.UTF_8),
                    "application/json");
        }

        static Request tar(String target, byte[] body) {
            return new Request(HttpMethod.POST, target, body, "application/x-tar");
        }
    }

    /** A whole answer. */
    record Answer(int status, String body) {
        /** Whether it says that what was asked for is done. A stream can fail after its status was sent. */
        boolean isDone() {
            return status >= 200 && status < 300 && !body.contains("\"errorDetail\"");
        }

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    /** The body of the answer to a request that must be answered well, and has one that is no text. */
    byte[] bytes(Request request) {
        return client.request(request.method())
                .uri(request.target())
                .responseSingle((response, bytes) -> {
                    if (response.status().code() != 200) {
                        throw new AssertionError(request.target() + ": " + response.status());
                    }
                    return bytes.asByteArray();
                })
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    /** @throws IOException if no answer came, or not all of it */
    Answer send(Request request) throws IOException {
        try {
            return client.headers(headers -> headers.set("Content-Type", request.type()))
                    .request(request.method())
                    .uri(request.target())
                    .send((_, out) -> out.sendByteArray(Flux.just(request.body())))
                    .responseSingle((response, bytes) -> bytes.asString(StandardCharsets.UTF_8)
                            .defaultIfEmpty("")
                            .map(body -> new Answer(response.status().code(), body)))
                    .blockOptional(PATIENCE)
                    .orElseThrow();
        } catch (RuntimeException e) {
            if (Exceptions.unwrap(e) instanceof IOException broken) {
                throw broken;
            }
            throw e;
        }
    }

    /** The answer to a request that must be answered well. */
    Answer done(Request request) throws IOException {
        Answer answer = send(request);
        if (!answer.isDone()) {
            throw new AssertionError(request.method() + " " + request.target() + ": " + answer);
        }
        return answer;
    }
}
