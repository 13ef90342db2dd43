package dev.patchbay.event.client;

import dev.patchbay.event.client.StreamSignal.Connected;
import dev.patchbay.event.client.StreamSignal.Disconnected;
import dev.patchbay.event.client.StreamSignal.Lost;
import dev.patchbay.event.client.StreamSignal.Passed;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a subscriber. Bounded: events by the credit that the daemon has, the rest because it is merged where
 * nothing happened in between, and because whoever fills the queue stops while it {@link #isFull}. For one thread at a
 * time.
 */
final class SignalQueue {
    /** Signals that may wait besides events before nothing is taken from the connection. */
    private static final int ROOM = 64;

    private final Deque<StreamSignal> signals = new ArrayDeque<>();
    private final int window;
    private int events;

    SignalQueue(int window) {
        this.window = window;
    }

    void add(StreamSignal signal) {
        switch (signal) {
            case Passed _ -> dropLastPassed();
            case Lost lost -> {
                dropLastPassed(); // it is before the loss
                addLost(lost);
                return;
            }
            case Disconnected _ -> {
                addDisconnected(signal);
                return;
            }
            case StreamSignal.Happened _,StreamSignal.Unknown _ -> events++;
            case Connected _,StreamSignal.SnapshotBegan _,StreamSignal.SnapshotPlugin _,StreamSignal.SnapshotEnded _ -> {
                // each of them counts
            }
        }
        signals.add(signal);
    }

    private @Nullable StreamSignal dropLastPassed() {
        return signals.peekLast() instanceof Passed ? signals.pollLast() : null;
    }

    private void addLost(Lost lost) {
        if (signals.peekLast() instanceof Lost before && before.to().equals(lost.from())) {
            signals.removeLast();
            signals.add(new Lost(before.from(), lost.to(), lost.reason()));
        } else {
            signals.add(lost);
        }
    }

    private void addDisconnected(StreamSignal disconnected) {
        StreamSignal passed = dropLastPassed();
        while (signals.peekLast() instanceof Connected || signals.peekLast() instanceof Disconnected) {
            signals.removeLast();
        }
        if (passed != null) {
            dropLastPassed();
            signals.add(passed);
        }
        signals.add(disconnected);
    }

    @Nullable
    StreamSignal poll() {
        StreamSignal first = signals.poll();
        if (first != null && isEvent(first)) {
            events--;
        }
        return first;
    }

    static boolean isEvent(StreamSignal signal) {
        return signal instanceof StreamSignal.Happened || signal instanceof StreamSignal.Unknown;
    }

    /** How many events wait. */
    int events() {
        return events;
    }

    boolean isEmpty() {
        return signals.isEmpty();
    }

    boolean isFull() {
        return signals.size() >= window + ROOM;
    }

    void clear() {
        signals.clear();
        events = 0;
    }
}
