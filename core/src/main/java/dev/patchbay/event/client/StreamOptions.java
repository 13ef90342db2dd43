package dev.patchbay.event.client;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.From;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import reactor.netty.http.client.HttpClient;

/**
 * How a stream behaves. Each value has a default; a bad one fails when the options are made.
 *
 * @param start where it begins
 * @param filter which events it wants
 * @param token what shows the daemon who is there, if it wants to know
 * @param window how many events may wait for the subscriber, at least 1: the daemon sends no more before some are taken. It
 *     is granted in few frames, so a small one makes a slow stream
 * @param firstPause about how long it waits before it comes back; doubled with each failure
 * @param longestPause about how long it waits at most
 * @param patience how long the daemon may take to answer, and be late with a heartbeat, before the connection is given up
 * @param http changes to the HTTP client: its threads, its TLS, a proxy. The default uses what all clients of Reactor Netty
 *     share, and trusts whom the JDK trusts
 */
public record StreamOptions(
        StreamStart start,
        EventFilter filter,
        Optional<String> token,
        int window,
        Duration firstPause,
        Duration longestPause,
        Duration patience,
        UnaryOperator<HttpClient> http) {
    /** How many events may wait for the subscriber. */
    public static final int WINDOW = 1024;

    /** How long a stream waits before it comes back for the first time. */
    public static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    /** How long a stream waits at most. */
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** How long the daemon may be silent when it should not be. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Everything from now on. */
    public static final StreamOptions DEFAULT = of(_ -> {});

    /** Checks every value. */
    public StreamOptions {
        if (window < 1) {
            throw new IllegalArgumentException("window must be at least 1, not " + window);
        }
        positive("firstPause", firstPause);
        positive("patience", patience);
        if (longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    "longestPause must not be shorter than firstPause, " + firstPause + ", but is "
                            + longestPause);
        }
        if (token.filter(text -> text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f))
                .isPresent()) {
            throw new IllegalArgumentException("a token is visible ASCII without spaces");
        }
    }

    /** The defaults, changed by what the subscriber says. */
    public static StreamOptions of(Consumer<Builder> changes) {
        var builder = new Builder();
        changes.accept(builder);
        return new StreamOptions(builder.start, builder.filter, builder.token, builder.window,
                builder.firstPause,
                builder.longestPause, builder.patience, builder.http);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, not " + value);
        }
    }

    /** Not the token. */
    @Override
    public String toString() {
        return "StreamOptions[" + start + ", " + filter + ", window=" + window + "]";
    }

    /** Collects changes to the defaults. */
    public static final class Builder {
        private StreamStart start = new StreamStart.Events(new From.Now());
        private EventFilter filter = EventFilter.ALL;
        private Optional<String> token = Optional.empty();
        private int window = WINDOW;
        private Duration firstPause = FIRST_PAUSE;
        private Duration longestPause = LONGEST_PAUSE;
        private Duration patience = PATIENCE;
        private UnaryOperator<HttpClient> http = client -> client;

        private Builder() {}

        /** Begins somewhere; with what happens from now on unless told otherwise. */
        public Builder from(From value) {
            start = new StreamStart.Events(value);
            return this;
        }

        /** Begins after a place. */
        public Builder after(Cursor value) {
            return from(new From.At(value));
        }

        /** Begins with a snapshot of all plugins. */
        public Builder snapshot() {
            start = new StreamStart.Snapshot();
            return this;
        }

        /** See {@link StreamOptions#filter}; everything unless told otherwise. */
        public Builder filter(EventFilter value) {
            filter = value;
            return this;
        }

        /** See {@link StreamOptions#token}. */
        public Builder token(String value) {
            token = Optional.of(value);
            return this;
        }

        /** See {@link StreamOptions#window}; {@value StreamOptions#WINDOW} unless told otherwise. */
        public Builder window(int value) {
            window = value;
            return this;
        }

        /** See {@link StreamOptions#firstPause} and {@link StreamOptions#longestPause}. */
        public Builder pauses(Duration first, Duration longest) {
            firstPause = first;
            longestPause = longest;
            return this;
        }

        /** See {@link StreamOptions#patience}. */
        public Builder patience(Duration value) {
            patience = value;
            return this;
        }

        /** See {@link StreamOptions#http}. */
        public Builder http(UnaryOperator<HttpClient> changes) {
            http = changes;
            return this;
        }
    }
}
