package dev.patchbay.web.feed;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventLog.Told;

/** How a live feed takes events as they happen: in order, each once, while it has credit and its connection has room. */
final class Hearing {
    private final Topic topic;
    private final Position position;
    private final Credit credit;
    private final Voice voice;

    Hearing(Topic topic, Position position, Credit credit, Voice voice) {
        this.topic = topic;
        this.position = position;
        this.credit = credit;
        this.voice = voice;
    }

    /** Takes events from one in a batch on, after a place, the position; false if one cannot be taken. */
    boolean take(Cursor place, Batch batch, int from) {
        if (takesAll(place, batch, from)) {
            int spoken = batch.spokenFrom(from);
            if (spoken > 0) {
                voice.hold(batch.retainedFrom(from));
                credit.use(spoken);
            }
            position.moveTo(batch.last().event().cursor());
            return true;
        }
        Cursor now = place;
        for (int at = from; at < batch.size(); at++) {
            Told told = batch.event(at);
            if (isAfter(told, now)) {
                if (!takeNext(now, batch, at)) {
                    return false;
                }
                now = told.event().cursor();
            } else if (!isOfEpoch(told, now) && topic.isNewEpoch(now)) {
                return false;
            }
        }
        return true;
    }

    /** Whether they can be taken as they are: what was said before them here is what all were told before. */
    private boolean takesAll(Cursor place, Batch batch, int from) {
        Told first = batch.event(from);
        return batch.isChainedFrom(from) && first.prev() == position.last() && isAfter(first, place)
                && credit.left() >= batch.spokenFrom(from) && voice.hasRoom();
    }

    private boolean takeNext(Cursor place, Batch batch, int at) {
        Told told = batch.event(at);
        if (told.prev() > place.seq()) {
            return false;
        }
        if (batch.isSpoken(at)) {
            if (credit.isUsedUp()) {
                position.stopBefore(told.event().cursor());
                credit.owe();
                return false;
            }
            if (!voice.hasRoom()) {
                return false;
            }
            voice.hold(told.prev() == position.last()
                    ? batch.retained(at)
                    : voice.written(new Said.Happened(told.event(), position.last())));
            credit.use(1);
        }
        position.moveTo(told.event().cursor());
        return true;
    }

    private static boolean isAfter(Told told, Cursor place) {
        return isOfEpoch(told, place) && told.seq() > place.seq();
    }

    private static boolean isOfEpoch(Told told, Cursor place) {
        return told.event().cursor().epoch().equals(place.epoch());
    }
}
