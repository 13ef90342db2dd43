package dev.patchbay.web;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Names of requests, for log lines. Not secret. Thread-safe. */
public final class RequestIds {
    /** The key of the request id, a {@code String}, in the Reactor Context of everything that a handler subscribes. */
    public static final String CONTEXT_KEY = "dev.patchbay.requestId";

    /** The header that carries it, both ways. */
    public static final String HEADER = "X-Request-Id";

    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String prefix = Integer
            .toHexString(ThreadLocalRandom.current().nextInt(0x1000_0000, 0x7fff_ffff));
    private final AtomicLong next = new AtomicLong();

    RequestIds() {}

    /** The client's word if it is one, else a new one. */
    String choose(Optional<String> fromClient) {
        return fromClient.filter(word -> SANE.matcher(word).matches())
                .orElseGet(() -> prefix + "-" + next.incrementAndGet());
    }
}
