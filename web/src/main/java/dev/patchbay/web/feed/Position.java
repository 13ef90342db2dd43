package dev.patchbay.web.feed;

import dev.patchbay.event.Cursor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a feed has come: all up to there was said, did not pass the filter, or was announced as lost. It never goes back,
 * but for a new epoch.
 */
final class Position {
    private @Nullable Cursor cursor;
    private long last; // the number that the next event's prev is
    private long known; // up to where the subscriber knows that it has missed nothing

    /** Empty before the feed has begun. */
    @Nullable
    Cursor cursor() {
        return cursor;
    }

    /** The number that the next event's prev is. */
    long last() {
        return last;
    }

    /** An event was said, or what tells as much. */
    void moveTo(Cursor place) {
        cursor = place;
        last = place.seq();
        known = place.seq();
    }

    /** What is up to there did not pass the filter: the subscriber is not told. */
    void passTo(Cursor place) {
        cursor = place;
    }

    /** The same, if this is not as far, and if it is known at all. */
    void cover(@Nullable Cursor covered) {
        Cursor place = cursor;
        if (place != null && covered != null && covered.epoch().equals(place.epoch())
                && covered.seq() > place.seq()) {
            cursor = covered;
        }
    }

    /** Whether the subscriber does not know how far this is. */
    boolean isNews() {
        Cursor place = cursor;
        return place != null && place.seq() > known;
    }

    /** The subscriber is told; not before the feed has begun. */
    Cursor tell() {
        Cursor place = Objects.requireNonNull(cursor);
        known = place.seq();
        return place;
    }

    /** The next event that passes is not said yet. */
    void stopBefore(Cursor event) {
        cursor = event.at(event.seq() - 1);
    }
}
