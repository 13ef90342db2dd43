package dev.patchbay.event;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Recorders for tests: what they are told is in memory, and told, before they return. */
public final class Recorders {
    private Recorders() {}

    /** One that does everything on the calling thread, and keeps as much as an embedded engine. */
    public static EventRecorder immediate() {
        return immediate(RingJournal.ofUsualSize(new Random(1)));
    }

    /** One that does everything on the calling thread. */
    public static EventRecorder immediate(RingJournal journal) {
        Scheduler here = Schedulers.immediate();
        var setup = new RecorderSetup(here, here, here, new Random(2),
                Duration.ofSeconds(10), Duration.ofSeconds(60), 64);
        return Objects.requireNonNull(EventRecorder.open(journal, setup).block());
    }
}
