package dev.patchbay.event;

import java.time.Duration;
import java.util.Optional;

/**
 * What a view of the events is to show.
 *
 * @param from where it begins
 * @param filter what passes
 * @param bookmarks how often, at most, the view says how far it has come while nothing passes; never if empty
 */
public record Subscription(From from, EventFilter filter, Optional<Duration> bookmarks) {
    /** Everything from now on. */
    public static final Subscription NOW = from(new From.Now());

    /** Checks the pause between bookmarks. */
    public Subscription {
        bookmarks.filter(pause -> pause.isNegative() || pause.isZero()).ifPresent(pause -> {
            throw new IllegalArgumentException("bookmarks need a pause between them, not " + pause);
        });
    }

    /** Everything from some place on. */
    public static Subscription from(From from) {
        return new Subscription(from, EventFilter.ALL, Optional.empty());
    }

    /** Everything after some place. */
    public static Subscription after(Cursor cursor) {
        return from(new From.At(cursor));
    }

    /** The same with another filter. */
    public Subscription only(EventFilter other) {
        return new Subscription(from, other, bookmarks);
    }

    /** The same with bookmarks. */
    public Subscription bookmarks(Duration pause) {
        return new Subscription(from, filter, Optional.of(pause));
    }
}
