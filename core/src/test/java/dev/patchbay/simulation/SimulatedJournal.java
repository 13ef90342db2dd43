package dev.patchbay.simulation;

import dev.patchbay.event.Bounds;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.JournalException;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.store.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** A journal on the simulated disk, as slow and as bad as that is. */
final class SimulatedJournal implements EventJournal {
    private final KeptEvents kept;
    private final DiskFaults faults;
    private final Surroundings surroundings;
    private final Lanes threads;
    private boolean open;
    private int times;

    SimulatedJournal(World world, Lanes threads) {
        this.kept = world.keptEvents();
        this.faults = world.faults();
        this.surroundings = world.surroundings();
        this.threads = threads;
    }

    @Override
    public Mono<Opened> open() {
        return onDisk(() -> {
            faults.beforeGrowing();
            kept.open();
            open = true;
            return new Opened(kept.bounds(), List.of());
        });
    }

    @Override
    public Mono<Void> append(List<LoggedEvent> events) {
        return Mono.defer(() -> {
            int now = times;
            return onDisk(() -> {
                faults.beforeGrowing();
                if (now == times) { // else it hung for so long that it is of an epoch that is over
                    append(events, now);
                }
                return true;
            });
        }).then();
    }

    private void append(List<LoggedEvent> events, int now) {
        if (!open) {
            throw new IllegalStateException("appended to a journal that is not open, " + now);
        }
        if (surroundings.mutant() != Mutant.FORGET_EVENTS || !surroundings.chance().oneIn(8)) {
            kept.append(events);
        }
    }

    @Override
    public Mono<EventPage> read(long after, int max, EventFilter filter) {
        return onDisk(() -> {
            faults.beforeStep();
            if (!open) {
                throw new JournalException("given up meanwhile");
            }
            Bounds bounds = kept.bounds();
            long from = Math.min(Math.max(after, bounds.oldest() - 1), bounds.head());
            List<LoggedEvent> found = kept.after(from, max);
            return new EventPage(new Cursor(bounds.epoch(), from), EventSignal.Loss.TRIMMED,
                    from + found.size(),
                    found.stream().filter(event -> filter.test(event.event())).toList(), bounds.head());
        });
    }

    @Override
    public Mono<Long> before(Instant time) {
        return Mono.error(() -> new JournalException("nobody asks for a time here"));
    }

    @Override
    public Bounds bounds() {
        return kept.bounds();
    }

    @Override
    public Mono<Void> abandon() {
        return Mono.fromRunnable(() -> {
            times++;
            open = false;
            kept.forget();
        });
    }

    @Override
    public Mono<Void> close() {
        return onDisk(() -> {
            if (open) {
                kept.close();
            }
            return true;
        }).then();
    }

    /** Carried out whole once it has begun, whoever still listens; what is late is never heard of. */
    private <T> Mono<T> onDisk(Supplier<T> work) {
        return Mono.create(sink -> threads.any().after(surroundings.diskPause(), () -> {
            Runnable answer;
            try {
                T result = work.get();
                answer = () -> sink.success(result);
            } catch (JournalException e) {
                answer = () -> sink.error(e);
            } catch (StoreException e) {
                answer = () -> sink.error(new JournalException(String.valueOf(e.getMessage()), e));
            }
            var _ = threads.any().after(surroundings.diskPause(), answer);
        }));
    }
}
