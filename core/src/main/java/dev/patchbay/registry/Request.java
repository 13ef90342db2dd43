package dev.patchbay.registry;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.reactivestreams.Publisher;

/**
 * One request.
 *
 * @param purpose what it is for, as it continues "cannot …"
 * @param method of HTTP
 * @param url absolute
 * @param trust in the URL's host
 * @param headers in order; may hold secrets
 * @param body what is sent, if anything
 * @param patience from the request's end to the end of the answer's headers
 */
record Request(String purpose, String method, URI url, Trust trust, List<Map.Entry<String, String>> headers,
        Optional<Body> body, Duration patience) {
    /**
     * What is sent along.
     *
     * @param length of the content in bytes
     * @param content subscribed to once for each time the request is sent
     * @param written told how many bytes of it have been written to the connection, each time some were
     */
    record Body(long length, Publisher<ByteBuffer> content, LongConsumer written) {}

    Origin origin() {
        return Origin.of(url);
    }

    Request with(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Request(purpose, method, url, trust, List.copyOf(more), body, patience);
    }

    Request with(Body other) {
        return new Request(purpose, method, url, trust, headers, Optional.of(other), patience);
    }

    Request within(Duration other) {
        return new Request(purpose, method, url, trust, headers, body, other);
    }

    /** The same request to another place; what belongs to the first place stays there unless both are the same. */
    Request movedTo(URI other, Trust otherTrust) {
        boolean stays = Origin.of(other).equals(origin());
        var kept = headers.stream()
                .filter(header -> stays || TRAVELLING.contains(header.getKey()))
                .toList();
        return new Request(purpose, method, other, otherTrust, kept, body, patience);
    }

    /** Headers that any host may see. What callers put in ({@code X-Meta-*}) and credentials are none of them. */
    private static final List<String> TRAVELLING = List.of("Accept", "Range", "Content-Type",
            "Content-Range");

    /** Without headers. */
    @Override
    public String toString() {
        return method + " " + origin() + " to " + purpose;
    }
}
