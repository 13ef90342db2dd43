package dev.patchbay.web.feed;

import dev.patchbay.PluginSnapshot;
import dev.patchbay.Plugins;
import dev.patchbay.event.Beginnings;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventLog.Told;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.JournalException;
import dev.patchbay.event.LoggedEvent;
import io.netty.buffer.ByteBuf;
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
    private final PageRest page = new PageRest();
    private @Nullable Cursor position;
    private long last; // the number that the next event's prev is
    private long known; // up to where the subscriber knows that it has missed nothing
    private final Credit credit;
    private boolean live;
    private boolean pumping;
    private boolean closed;
    private @Nullable SnapshotRest snapshot;
    private boolean mayRead; // a page of the journal, or has one
    private final Window window;

    Feed(Plugins plugins, Topic topic, Wish wish, Outlet outlet) {
        this.plugins = plugins;
        this.topic = topic;
        this.wish = wish;
        this.outlet = outlet;
        this.voice = new Voice(outlet, wish.encoding());
        this.errand = new Errand(topic.hub(), this::unread);
        this.credit = new Credit(wish);
        this.window = new Window(topic.log());
    }

    Voice voice() {
        return voice;
    }

    /** Up to where everything was said; empty before it has begun. */
    public @Nullable Cursor position() {
        return position;
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
        moveTo(where.resumeFrom());
        voice.say(new Said.Began(where, withSnapshot));
        if (withSnapshot) {
            voice.say(new Said.SnapshotBegan(where.resumeFrom()));
        }
        outlet.flush();
        resume();
    }

    private void moveTo(Cursor place) {
        position = place;
        last = place.seq();
        known = place.seq();
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
        Cursor place = position;
        if (closed || live || errand.isUnderWay() || place == null) {
            return false;
        }
        if (!outlet.isWritable() || (credit.isMissed() && snapshot == null)) {
            closePage();
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
            owe(page.next().cursor());
            closePage(); // at once: the event is not in it any more, and credit may come before the next step
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
        if (!mayRead && !topic.log().isNear(place)) {
            mayRead = topic.hub().takePage(this);
            if (!mayRead) {
                return false;
            }
        }
        errand.run(topic.log().read(place, page.nextSize(), wish.filter()), found -> {
            open(place, found);
            resume();
        });
        return true;
    }

    /** It may have a page, for which it has waited. */
    void mayRead() {
        mayRead = true;
        topic.hub().runLater(this::resume);
    }

    private void open(Cursor asked, EventPage found) {
        boolean isWhole = asked.equals(found.from());
        if (!isWhole && credit.isUsedUp()) {
            credit.owe();
            closePage();
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
        moveTo(gap.to());
        window.moved();
        if (told) {
            voice.say(new Said.Lost(gap));
            outlet.flush();
        }
    }

    private void closePage() {
        page.close();
        if (mayRead) {
            mayRead = false;
            topic.hub().givePage();
        }
    }

    private void endPage(EventPage done) {
        position = done.end();
        closePage();
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
                    wish.encoding().write(out, new Said.Happened(event, last));
                } catch (JournalException noEvent) {
                    out.writerIndex(before);
                    distrust(event.cursor(), noEvent);
                    return;
                }
                moveTo(event.cursor());
                if (out.writerIndex() > before) {
                    credit.use();
                }
            }
        });
    }

    /** Goes on where the log goes on that has something at this place which cannot be written. */
    private void distrust(Cursor place, JournalException cause) {
        closePage();
        errand.run(topic.log().distrust(place, cause).thenReturn(place), _ -> resume());
    }

    /** Waits for credit before this event, the next that passes. */
    private void owe(Cursor event) {
        position = event.at(event.seq() - 1);
        credit.owe();
    }

    /**
     * Takes an event that happens.
     *
     * @param shared the event as it is for who was told of the same one before; empty if it is left out
     * @return false if it cannot be taken: the feed is not live any more
     */
    boolean take(Told told, ByteBuf shared) {
        Cursor place = position;
        Cursor event = told.event().cursor();
        if (place == null || closed) {
            return false; // it was closed by the flush of another feed
        }
        if (!event.epoch().equals(place.epoch())) {
            live = !topic.isNewEpoch(place);
        } else if (event.seq() > place.seq()) {
            boolean isNext = told.prev() <= place.seq();
            boolean silent = !shared.isReadable();
            live = isNext && (silent || (!credit.isUsedUp() && voice.hasRoom()));
            if (isNext && !silent && credit.isUsedUp()) {
                owe(event);
            } else if (live && !silent) {
                voice.hold(told.prev() == last
                        ? shared.retainedDuplicate()
                        : voice.written(new Said.Happened(told.event(), last)));
                credit.use();
            }
            if (live) {
                moveTo(event);
            }
        }
        if (!live) {
            flush(); // nobody else will
        }
        return live;
    }

    void flush() {
        voice.flush();
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
        Cursor place = advanced();
        if (place != null && place.seq() > known) {
            pass(place);
        }
    }

    /** Says how far it has come, in any case. */
    public void beat() {
        Cursor place = advanced();
        if (place != null) {
            pass(place);
        }
    }

    /** The position, moved over what is known not to pass; nothing if there is none to resume from. */
    private @Nullable Cursor advanced() {
        Cursor covered = live ? topic.covered() : null;
        Cursor place = position;
        if (closed || snapshot != null || place == null) {
            return null;
        }
        if (covered != null && covered.epoch().equals(place.epoch()) && covered.seq() > place.seq()) {
            place = covered;
            position = place;
        }
        return place;
    }

    private void pass(Cursor place) {
        known = place.seq();
        voice.say(new Said.Passed(place));
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
            closePage();
            topic.hub().close(topic, this);
        }
    }
}
