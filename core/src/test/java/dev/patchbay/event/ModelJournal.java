package dev.patchbay.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A journal that answers when chance lets it, and fails, or hangs, as it is told. */
final class ModelJournal implements EventJournal {
    private final ModelDisk disk;
    private final Scheduler io;
    private boolean abandoned;
    private boolean appending;

    ModelJournal(ModelDisk disk, Scheduler io) {
        this.disk = disk;
        this.io = io;
    }

    private <T> Mono<T> later(Supplier<T> work) {
        return Mono.defer(() -> disk.hanging ? Mono.<T>never() : Mono.fromSupplier(() -> {
            if (disk.failing) {
                throw new JournalException("the disk fails");
            }
            return work.get();
        }).subscribeOn(io));
    }

    @Override
    public Mono<Opened> open() {
        return later(() -> {
            if (abandoned || disk.epoch.isEmpty()) {
                disk.clear();
                disk.epoch = Epochs.draw(disk.chance);
            }
            abandoned = false;
            return new Opened(bounds(), List.of());
        });
    }

    @Override
    public Mono<Void> append(List<LoggedEvent> events) {
        return Mono.defer(() -> {
            if (abandoned || appending) {
                throw new AssertionError("appended to an abandoned journal, or twice at a time");
            }
            appending = true;
            String epoch = disk.epoch;
            return Mono.defer(() -> disk.hanging ? Mono.<Void>never() : Mono.<Void>fromRunnable(() -> {
                appending = false;
                if (!epoch.equals(disk.epoch)) {
                    return; // an append that hung, of an epoch that is over
                }
                int taken = disk.failing ? disk.chance.nextInt(events.size() + 1) : events.size();
                for (LoggedEvent event : events.subList(0, taken)) {
                    if (event.seq() != disk.head() + 1 || !event.cursor().epoch().equals(epoch)) {
                        throw new AssertionError(event + " after " + disk.head() + " of " + epoch);
                    }
                    disk.events.add(LoggedEvent.of(event.cursor(), event.json()));
                }
                if (disk.failing) {
                    throw new JournalException("the disk fails");
                }
            }).subscribeOn(io));
        });
    }

    @Override
    public Mono<EventPage> read(long after, int max, EventFilter filter) {
        return later(() -> {
            long from = Math.max(after, disk.oldest - 1);
            var found = new ArrayList<LoggedEvent>();
            long seq = from;
            while (seq < disk.head() && seq - from < max) {
                seq++;
                LoggedEvent event = disk.events.get((int) (seq - disk.oldest));
                if (filter.test(event.event())) {
                    found.add(event);
                }
            }
            return new EventPage(new Cursor(disk.epoch, from), EventSignal.Loss.TRIMMED, seq, found,
                    disk.head());
        });
    }

    @Override
    public Mono<Long> before(Instant time) {
        return later(() -> disk.events.stream()
                .filter(event -> !event.event().time().isBefore(time))
                .findFirst()
                .map(event -> event.seq() - 1)
                .orElse(disk.head()));
    }

    @Override
    public Bounds bounds() {
        return new Bounds(disk.epoch, disk.oldest, disk.head());
    }

    @Override
    public Mono<Void> abandon() {
        return Mono.fromRunnable(() -> {
            abandoned = true;
            appending = false;
            disk.clear();
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
