package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * An answer of a {@link FakeRegistryServer}.
 *
 * @param status of HTTP
 * @param headers without {@code Content-Length}
 * @param body its length is told, also where the body is left out because of {@code HEAD}
 * @param silent whether the body is left out
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reply(int status, Map<String, String> headers, byte[] body, boolean silent) {
    /** With a status alone. */
    public static Reply of(int status) {
        return new Reply(status, Map.of(), new byte[0], false);
    }

    /** With a status and an explanation in JSON. */
    public static Reply error(int status, String code, String message) {
        return of(status).with("Content-Type", "application/json")
                .with(("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}")
                        .getBytes(UTF_8));
    }

    /** With a header. */
    public Reply with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body, silent);
    }

    /** Without a header. */
    public Reply without(String name) {
        var fewer = new LinkedHashMap<>(headers);
        fewer.remove(name);
        return new Reply(status, fewer, body, silent);
    }

    /** With another body. */
    public Reply with(byte[] other) {
        return new Reply(status, headers, other, silent);
    }

    /** Without sending the body. */
    Reply silently() {
        return new Reply(status, headers, body, true);
    }

    Publisher<Void> send(HttpServerResponse response) {
        response.status(status);
        headers.forEach(response::header);
        response.header("Content-Length", Integer.toString(body.length));
        return silent || body.length == 0 ? response.send() : response.sendByteArray(Mono.just(body));
    }

    /** Status line and headers as they go over the wire. */
    String head() {
        var head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        return head.append("Content-Length: " + body.length + "\r\n\r\n").toString();
    }
}
