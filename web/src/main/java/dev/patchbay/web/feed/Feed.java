package dev.patchbay.web.feed;

import dev.patchbay.PluginSnapshot;
import dev.patchbay.Plugins;
import dev.patchbay.event.Beginnings;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.JournalException;
import dev.patchbay.event.LoggedEvent;
import org.jspecify.annotations.Nullable;

/**
 * The events of one subscription on one connection. All of it belongs to the connection's event loop.
 *
 * <p>A feed keeps a <em>position</em>: all up to it was said, did not pass the filter, or was announced as lost. It is
 *
 * <ul>
 *   <li><em>live</em> while it is handed every event that passes, takes it, and knows it to be the next;
 *   <li><em>behind</em> otherwise. Then it reads pages of the log after its position, one at a time, and only while its
 *       connection takes more and it has {@link Credit}; at the end of the log it is live again, if nothing happened.
 * </ul>
 *
 * <p>It keeps nothing for a connection that takes nothing: what is left of a page is dropped, and read again later.
 *
 * <p>Invariants: the position never goes back; an event is said only if it is above it, and raises it; one read is under
 * way at most, and none while live; a page that is not of the newest events is had by turns, see {@link LoopHub}.
 */
public final class Feed {
    private final Plugins plugins;
    private final Topic topic;
    private final Wish wish;
    private final Outlet outlet;
    private final Voice voice;
    private final Errand errand;
    private final PageRest page;
    private final Position position = new Position();
    private final Credit credit;
    private boolean live;
    private boolean pumping;
    private boolean closed;
    private @Nullable SnapshotRest snapshot;
    private final Window window;
    private final Hearing hearing;
    private long heard; // the audience's

    Feed(Plugins plugins, Topic topic, Wish wish, Outlet outlet) {
        this.plugins = plugins;
        this.topic = topic;
        this.wish = wish;
        this.outlet = outlet;
        this.voice = new Voice(outlet, wish.encoding());
        this.page = new PageRest(topic.hub());
        this.errand = new Errand(topic.hub(), this::unread);
        this.credit = new Credit(wish);
        this.window = new Window(topic.log());
        this.hearing = new Hearing(topic, position, credit, voice);
    }

    Voice voice() {
        return voice;
    }

    /** Up to where everything was said; empty before it has begun. */
    public @Nullable Cursor position() {
        return position.cursor();
    }

    void begin() {
        switch (wish.start()) {
            case Wish.Start.Events(var from) -> errand.run(new Beginnings(topic.log()).of(from),
                    where -> began(where, false));
            case Wish.Start.Snapshot() -> errand.run(plugins.snapshot(), this::beganWith);
        }
    }

    private void unread(Throwable failure) {
        switch (failure) {
            case JournalException _ -> sourceEnded(); // the engine is closed: otherwise it has another journal
            default -> failed(failure);
        }
    }

    private void beganWith(PluginSnapshot now) {
        snapshot = new SnapshotRest(now, wish.filter());
        began(SnapshotRest.beginning(now, topic.log().bounds().newest()), true);
    }

    private void began(EventSignal.Subscribed where, boolean withSnapshot) {
        window.begin(where);
        position.moveTo(where.resumeFrom());
        voice.say(new Said.Began(where, withSnapshot));
        if (withSnapshot) {
            voice.say(new Said.SnapshotBegan(where.resumeFrom()));
        }
        outlet.flush();
        resume();
    }

    /** Goes on: more is taken, or may be sent, or there may be more. */
    public void resume() {
        if (pumping || closed) {
            return;
        }
        pumping = true;
        try {
            int turns = 0;
            while (step()) {
                if (++turns == topic.hub().limits().turn()) {
                    topic.hub().runLater(this::resume);
                    break;
                }
            }
        } catch (RuntimeException | Error bug) {
            failed(bug);
        } finally {
            pumping = false;
        }
    }

    /** Does one thing; false if there is nothing to do now. */
    private boolean step() {
        Cursor place = position.cursor();
        if (closed || live || errand.isUnderWay() || place == null) {
            return false;
        }
        if (!outlet.isWritable() || (credit.isMissed() && snapshot == null)) {
            page.close();
            return false;
        }
        if (window.isOver(place)) {
            close();
            outlet.ended();
            return false;
        }
        if (snapshot != null) {
            saySnapshot(snapshot, place);
        } else if (page.whole().isEmpty()) {
            return read(place);
        } else if (page.hasNext() && credit.isUsedUp()) {
            position.stopBefore(page.next().cursor());
            credit.owe();
            page.close(); // at once: the event is not in it any more, and credit may come before the next step
            return false;
        } else if (page.hasNext()) {
            sayPage();
        } else {
            endPage(page.whole().get());
        }
        return true;
    }

    /** Begins to; false if it has to wait for its turn. */
    private boolean read(Cursor place) {
        if (!topic.log().isNear(place) && !page.isAllowed(this)) {
            return false;
        }
        errand.run(topic.log().read(place, page.nextSize(), wish.filter()), found -> {
            open(place, found);
            resume();
        });
        return true;
    }

    /** It may have a page, for which it has waited. */
    void mayRead() {
        page.allow();
        topic.hub().runLater(this::resume);
    }

    private void open(Cursor asked, EventPage found) {
        boolean isWhole = asked.equals(found.from());
        if (!isWhole && credit.isUsedUp()) {
            credit.owe();
            page.close();
            return;
        }
        page.open(found);
        if (!isWhole) {
            goOnAfter(new EventSignal.Gap(asked, found.from(), found.reason()));
        }
    }

    private void goOnAfter(EventSignal.Gap gap) {
        boolean told = wish.encoding().tellsLosses();
        if (!told && !window.beginsAfter(gap) && !topic.log().isRenumbered(gap.from(), gap.to())) {
            close();
            outlet.lost(gap);
            return;
        }
        position.moveTo(gap.to());
        window.moved();
        if (told) {
            voice.say(new Said.Lost(gap));
            outlet.flush();
        }
    }

    private void endPage(EventPage done) {
        position.passTo(done.end());
        page.close();
        if (done.head() <= done.through() && window.isEndless()) {
            live = topic.join(this, done.end());
        }
    }

    private void saySnapshot(SnapshotRest some, Cursor place) {
        voice.sayAll(out -> some.write(out, voice, new Said.SnapshotEnded(place)));
        if (some.isEmpty()) {
            snapshot = null;
        }
    }

    private void sayPage() {
        voice.sayAll(out -> {
            for (int i = 0; i < Voice.BATCH_EVENTS && page.hasNext() && !credit.isUsedUp()
                    && out.readableBytes() < Voice.BATCH_BYTES; i++) {
                LoggedEvent event = page.next();
                int before = out.writerIndex();
                try {
                    wish.encoding().write(out, new Said.Happened(event, position.last()));
                } catch (JournalException noEvent) {
                    out.writerIndex(before);
                    distrust(event.cursor(), noEvent);
                    return;
                }
                position.moveTo(event.cursor());
                if (out.writerIndex() > before) {
                    credit.use(1);
                }
            }
        });
    }

    /** Goes on where the log goes on that has something at this place which cannot be written. */
    private void distrust(Cursor place, JournalException cause) {
        page.close();
        errand.run(topic.log().distrust(place, cause).thenReturn(place), _ -> resume());
    }

    /** How many of the events that its audience has had it was handed, or has read elsewhere. */
    long heard() {
        return heard;
    }

    void heard(long events) {
        heard = events;
    }

    /** Takes events from one in a batch on; false if one cannot be taken: the feed is not live any more. */
    boolean take(Batch batch, int from) {
        Cursor place = position.cursor();
        if (place == null || closed) {
            return false; // it was closed by the flush of another feed
        }
        live = hearing.take(place, batch, from) && !closed;
        if (!live) {
            voice.flush(); // nobody else will
        }
        return live;
    }

    void flush() {
        voice.flush();
    }

    /** How far it is behind: not at all as long as it is handed each event. */
    long lag(Cursor newest) {
        Cursor place = position.cursor();
        return live || place == null || !place.epoch().equals(newest.epoch())
                ? 0
                : Math.max(0, newest.seq() - place.seq());
    }

    boolean isClosed() {
        return closed;
    }

    /** Is not live any more. */
    void dismissed() {
        live = false;
    }

    /** Lets it send more events; without effect if there is no limit. */
    public void grant(long events) {
        credit.grant(events);
        resume();
    }

    /** How many events it may send. */
    public long credit() {
        return credit.left();
    }

    /** Says how far it has come without saying anything, if it has. */
    public void mark() {
        if (isMarkable() && position.isNews()) {
            sayPosition();
        }
    }

    /** Says how far it has come, in any case. */
    public void beat() {
        if (isMarkable()) {
            sayPosition();
        }
    }

    /** Moves over what is known not to pass; false if there is no place to resume from. */
    private boolean isMarkable() {
        if (closed || snapshot != null) {
            return false;
        }
        if (live) {
            position.cover(topic.covered());
        }
        return position.cursor() != null;
    }

    private void sayPosition() {
        voice.say(new Said.Passed(position.tell()));
        outlet.flush();
    }

    /**
     * Lets it end once it has said what there is at this moment, and little more, however slowly the connection takes it.
     * Not from within a method of the outlet.
     */
    public void finish() {
        if (!closed && window.isEndless()) {
            window.end();
            live = false;
            topic.quit(this);
            resume();
        }
    }

    void sourceEnded() {
        if (!closed && (live || wish.encoding().tellsLosses())) {
            outlet.ended();
        } else if (!closed) {
            close();
            outlet.unfinished();
        }
    }

    void failed(Throwable bug) {
        if (!closed) {
            outlet.failed(bug);
            close();
        }
    }

    /** Ends it. Idempotent. */
    public void close() {
        if (!closed) {
            closed = true;
            live = false;
            errand.end();
            page.close();
            topic.hub().close(topic, this);
        }
    }
}
