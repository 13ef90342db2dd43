package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.client.StreamSignal;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that takes one signal after the other, and sometimes none for a while. For any thread. */
final class MoodyReader extends BaseSubscriber<StreamSignal> {
    private final EventFilter filter;
    private final List<PluginEvent> events = new ArrayList<>(); // all are guarded by this
    private final List<Object> trouble = new ArrayList<>();
    private int connections;
    private boolean stalled;
    private boolean owes;

    MoodyReader(EventFilter filter) {
        this.filter = filter;
    }

    EventFilter filter() {
        return filter;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(StreamSignal signal) {
        if (note(signal)) {
            request(1);
        }
    }

    private synchronized boolean note(StreamSignal signal) {
        switch (signal) {
            case StreamSignal.Happened(PluginEvent event) -> events.add(event);
            case StreamSignal.Connected _ -> connections++;
            case StreamSignal.Disconnected _,StreamSignal.Passed _ -> {
                // as it goes
            }
            case StreamSignal.Lost _,StreamSignal.Unknown _,StreamSignal.SnapshotBegan _,StreamSignal.SnapshotPlugin _,StreamSignal.SnapshotEnded _ ->
                trouble.add(signal);
        }
        owes = stalled;
        return !stalled;
    }

    @Override
    protected synchronized void hookOnError(Throwable failure) {
        trouble.add(failure);
    }

    synchronized void stall() {
        stalled = true;
    }

    void goOn() {
        boolean more;
        synchronized (this) {
            more = owes;
            owes = false;
            stalled = false;
        }
        if (more) {
            request(1);
        }
    }

    synchronized int connections() {
        return connections;
    }

    /** What it was told up to a place, which is in the epoch of all that it was told. */
    synchronized List<PluginEvent> upTo(Cursor head) {
        assertThat(trouble).as("what should never be said").isEmpty();
        return events.stream().filter(event -> event.seq() <= head.seq()).toList();
    }
}
