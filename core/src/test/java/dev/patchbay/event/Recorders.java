package dev.patchbay.event;

import java.util.Objects;
import java.util.Random;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Recorders for tests: what they are told is in memory, and told, before they return. */
public final class Recorders {
    private static final int KEPT = 64;

    private Recorders() {}

    /** One that does everything on the calling thread, and keeps as much as an embedded engine. */
    public static EventRecorder immediate() {
        return immediate(RingJournal.ofUsualSize(new Random(1)));
    }

    /** One that does everything on the calling thread. */
    public static EventRecorder immediate(RingJournal journal) {
        return over(journal, Schedulers.immediate(), KEPT);
    }

    /** One that does everything on the calling thread, unless it waits: for that there are timers. */
    public static EventRecorder over(EventJournal journal, Scheduler timers, int kept) {
        var threads = new RecorderSetup.Threads(Schedulers.immediate(), Schedulers.immediate(), timers);
        var setup = new RecorderSetup(threads, new Random(2), RecorderSetup.PATIENCE, RecorderSetup.PAUSE,
                kept);
        return Objects.requireNonNull(EventRecorder.open(journal, setup).block());
    }
}
