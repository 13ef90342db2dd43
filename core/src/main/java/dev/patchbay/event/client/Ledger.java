package dev.patchbay.event.client;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventJson;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.client.StreamSignal.Loss;
import dev.patchbay.event.client.StreamSignal.Lost;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * How far a stream has come, over all its connections; decides of each frame what is new. Knows no clock and no socket; for
 * one thread at a time.
 *
 * <p>It keeps a <em>place</em>: all up to it was told, did not pass the filter, or was announced as lost. Invariants: within
 * an epoch the place goes back only where the daemon says that it has not come as far, and that is announced; an event is
 * told only if it is above the place and follows what is below it without a hole.
 */
final class Ledger {
    private final StreamStart start;
    private @Nullable Cursor place;
    private boolean began; // events, or the whole of a snapshot
    private @Nullable Cursor holeAfter; // where events were missing once already

    Ledger(StreamStart start) {
        this.start = start;
    }

    /** What follows from a frame. */
    sealed interface Verdict {
        /** These are new; none if it brought nothing. */
        record Tell(List<StreamSignal> signals) implements Verdict {}

        /** What is between the place and this event did not come: to be asked for again. */
        record Missing(Cursor after, long seq) implements Verdict {}
    }

    private static final Verdict NOTHING = new Verdict.Tell(List.of());

    private static Verdict tell(StreamSignal... signals) {
        return new Verdict.Tell(List.of(signals));
    }

    /** Where the next connection goes on. */
    StreamStart next() {
        Cursor known = place;
        return known == null || !began ? start : new StreamStart.Events(new From.At(known));
    }

    /** A connection goes on where the daemon says. */
    Verdict subscribed(ServerFrame.Hello hello, ServerFrame.Subscribed frame) {
        Cursor to = frame.resumeFrom();
        var connected = new StreamSignal.Connected(hello.node(), hello.version(), to, to.at(frame.head()));
        Optional<Cursor> asked = next() instanceof StreamStart.Events(From.At(Cursor cursor))
                ? Optional.of(cursor)
                : Optional.empty();
        place = to;
        began = start instanceof StreamStart.Events || began;
        boolean whole = frame.recovered() && asked.filter(cursor -> !cursor.equals(to)).isEmpty();
        // Who asked for a time learns that something may be missing, but nobody knows from where.
        return whole
                ? tell(connected)
                : tell(connected, new Lost(asked.orElse(to.at(0)), to, Loss.of(frame.reason())));
    }

    Verdict snapshotBegan() {
        return tell(new StreamSignal.SnapshotBegan(known()));
    }

    Verdict snapshotEnded() {
        began = true;
        return tell(new StreamSignal.SnapshotEnded(known()));
    }

    Verdict event(ServerFrame.Event frame) {
        Cursor before = known();
        if (frame.seq() <= before.seq()) {
            return NOTHING;
        }
        Cursor at = before.at(frame.seq());
        StreamSignal signal = signal(at, frame.fields());
        if (frame.prev() <= before.seq()) {
            place = at;
            return tell(signal);
        } else if (!before.equals(holeAfter)) {
            holeAfter = before;
            return new Verdict.Missing(before, frame.seq());
        }
        place = at;
        return tell(new Lost(before, before.at(frame.prev()), Loss.UNEXPLAINED), signal);
    }

    private static StreamSignal signal(Cursor at, JsonNode fields) {
        try {
            String type = fields.required("type").stringValue();
            return EventType.of(type).isPresent() && isOfKnownWords(fields)
                    ? new StreamSignal.Happened(EventJson.event(at, fields))
                    : new StreamSignal.Unknown(at, type);
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw ServerFrameReader.unreadable(e);
        }
    }

    /** Whether what may be anything else some day is not: who caused it, and what its plugin can do. */
    private static boolean isOfKnownWords(JsonNode fields) {
        JsonNode types = fields.path("plugin").path("types");
        return Actor.Kind.of(fields.required("actor").required("kind").stringValue()).isPresent()
                && types.values().stream().allMatch(JsonNode::isString);
    }

    Verdict gap(ServerFrame.Gap frame) {
        Cursor before = known();
        boolean sameEpoch = before.epoch().equals(frame.to().epoch());
        if (sameEpoch && frame.to().seq() <= before.seq()) {
            return NOTHING;
        }
        place = frame.to();
        boolean overlaps = before.epoch().equals(frame.from().epoch()) && frame.from().seq() < before.seq();
        return tell(new Lost(overlaps ? before : frame.from(), frame.to(), Loss.of(frame.reason())));
    }

    Verdict bookmark(ServerFrame.Bookmark frame) {
        Cursor before = known();
        if (frame.seq() <= before.seq()) {
            return NOTHING;
        }
        Cursor now = before.at(frame.seq());
        place = now;
        return tell(new StreamSignal.Passed(now));
    }

    private Cursor known() {
        Cursor known = place;
        if (known == null) {
            throw ServerFrameReader.unreadable(new IllegalStateException("it belongs to no subscription"));
        }
        return known;
    }
}
