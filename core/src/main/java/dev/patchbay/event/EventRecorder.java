package dev.patchbay.event;

import dev.patchbay.event.FactQueue.Entry;
import dev.patchbay.stream.Drain;
import dev.patchbay.stream.TimeLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * The only writer of events: takes facts in their order from one thread, appends them to the journal in batches, then
 * tells each, then does the errands that were left behind it, such as the reply to whoever caused it. So nobody sees an
 * event before it is in the journal, and nobody hears of success before the event of it is.
 *
 * <p>A journal that fails, or does not answer, is left: the events that it did not take, and those that follow, get
 * numbers of a new epoch and stay in memory, until the journal works again, which is tried from time to time and makes
 * one more epoch. Nobody waits longer than the patience for that.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>facts are counted by the thread that tells them; within an era the number of an event is that of its fact less
 *       a constant, so that numbers have no gap, and none is ever given twice;
 *   <li>one {@link Drain}, on the writer's worker; eras, append and bus are touched by nothing else;
 *   <li>one append at a time; what it carries is in {@code append} until it was told.
 * </ol>
 */
public final class EventRecorder {
    /** Facts that may wait for the journal. */
    public static final int CAPACITY = 65_536;

    /** Facts that wait for the journal, or errands, such as answers, from which on nobody is let in who causes more. */
    public static final int CROWD = CAPACITY / 2;

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MAX_BATCH = 2048;

    private final EventJournal journal;
    private final RecorderSetup setup;
    private final Scheduler.Worker worker;
    private final RecordedLog log;
    private final EventBus bus = new EventBus();
    private final FactQueue queue = new FactQueue();
    private final Drain drain;
    private final Queue<Distrust> distrusts = Queues.<Distrust>unboundedMultiproducer().get();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private final Disposable.Swap retry = Disposables.swap();
    private volatile Optional<String> problem = Optional.empty();
    private volatile EventJournal.@Nullable Opened returned;
    private volatile boolean closing;

    // The drain's:
    private @Nullable Append append;
    private boolean ended;

    /** Somebody could not read an era. */
    private record Distrust(Era era, Throwable cause, Sinks.Empty<Void> left) {}

    private EventRecorder(EventJournal journal, RecorderSetup setup, Era first,
            Optional<Throwable> failure) {
        this.journal = journal;
        this.setup = setup;
        this.worker = setup.threads().writer().createWorker();
        this.drain = new Drain(worker::schedule, this::step);
        this.log = new RecordedLog(first, bus, setup, this::distrust);
        failure.ifPresent(cause -> {
            tellProblem(cause);
            retryLater();
        });
    }

    /**
     * Opens a journal and begins to write to it. A journal that cannot be opened is replaced by memory until it can.
     * <b>Cold</b>; the recorder closes the journal with itself.
     */
    public static Mono<EventRecorder> open(EventJournal journal, RecorderSetup setup) {
        Mono<Long> late = Mono.delay(setup.patience(), setup.threads().timers())
                .onErrorResume(RejectedExecutionException.class, _ -> Mono.never()); // the timers have ended, or have no time
        return TimeLimit.on(journal.open(), late, Mono.error(TimeoutException::new))
                .map(opened -> {
                    note(opened);
                    Era era = Era.of(journal, opened.bounds(), 0, setup.kept(),
                            EventSignal.Loss.JOURNAL_RETURNED);
                    return new EventRecorder(journal, setup, era, Optional.empty());
                })
                .onErrorResume(EventRecorder::isFailure, e -> {
                    var memory = setup.memory();
                    Era era = Era.of(memory, memory.bounds(), 0, setup.kept(),
                            EventSignal.Loss.JOURNAL_FAILED);
                    return journal.abandon()
                            .then(Mono.fromSupplier(
                                    () -> new EventRecorder(journal, setup, era, Optional.of(e))));
                });
    }

    private static void note(EventJournal.Opened opened) {
        opened.notices().forEach(notice -> LOG.warn("{}", notice));
    }

    private static boolean isFailure(Throwable e) {
        return e instanceof JournalException || e instanceof TimeoutException;
    }

    /**
     * Takes facts. Always from the same thread, which never waits.
     *
     * @param counted is told how many facts there are with these, before anybody can hear of them
     */
    public void tell(List<Happening> what, LongConsumer counted) {
        queue.add(what, counted);
        drain.wake();
    }

    /**
     * Does some short work when all facts so far were told: at once, on the calling thread, if they were, else on the
     * writer.
     */
    public void afterwards(Runnable work) {
        afterwards(queue.facts(), work);
    }

    private void afterwards(long number, Runnable work) {
        if (queue.told() >= number) {
            work.run();
        } else {
            queue.add(new Entry.Errand(number, work));
            drain.wake();
        }
    }

    /**
     * The place of what happened up to so many facts, when that was told. Empty if it is of an epoch that is over: whoever
     * asks should look at newer facts.
     */
    public Mono<Optional<Cursor>> place(long number) {
        return Mono.defer(() -> {
            Sinks.One<Optional<Cursor>> place = Sinks.one();
            afterwards(number, () -> {
                Era era = log.era();
                Optional<Cursor> found = number < era.before()
                        ? Optional.empty()
                        : Optional.of(era.place(number));
                boolean _ = place.tryEmitValue(found).isSuccess(); // heard or not
            });
            return place.asMono();
        });
    }

    /**
     * Whether so many facts, or errands, wait that nobody should be let in who causes more. Only who causes them can keep
     * their number bounded, since the one who tells them never waits.
     */
    public boolean isCrowded() {
        return queue.waiting() >= CROWD || queue.errands() >= CROWD;
    }

    /** How many facts are not in the journal yet. */
    public int waiting() {
        return queue.waiting();
    }

    /** What an operator should know. */
    public Optional<String> problem() {
        return problem;
    }

    /** All events, for whoever makes views. */
    public EventLog log() {
        return log;
    }

    /** A view; see {@code Plugins.events(Subscription)}. */
    public Flux<EventSignal> view(Subscription subscription) {
        return view(subscription, EventView.Sizes.USUAL);
    }

    Flux<EventSignal> view(Subscription subscription, EventView.Sizes sizes) {
        return new EventView(log, bus, subscription, setup, sizes);
    }

    /**
     * Ends every view, and closes the journal, when what was told to this recorder is written. <b>Cold</b>; once.
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closing = true;
            drain.wake();
            return drained.asMono();
        }).then(Mono.defer(journal::close)).doFinally(_ -> worker.dispose());
    }

    private Mono<Void> distrust(Era era, Throwable cause) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> left = Sinks.empty();
            distrusts.add(new Distrust(era, cause, left));
            drain.wake();
            return left.asMono();
        });
    }

    private void step() {
        leaveWhatCannotBeRead();
        if (ended) {
            queue.clear();
            return;
        }
        if (!settled()) {
            return;
        }
        takeBack();
        while (begin()) {
            if (!settled()) {
                return;
            }
        }
        if (closing && !ended) {
            ended = true;
            retry.dispose();
            queue.clear();
            log.close(); // first: views that hear of the end look whether there is more to read
            bus.close();
            boolean _ = drained.tryEmitEmpty().isSuccess(); // ended once
        }
    }

    private void leaveWhatCannotBeRead() {
        for (Distrust distrust = distrusts.poll(); distrust != null; distrust = distrusts.poll()) {
            Era era = log.era();
            if (distrust.era().epoch().equals(era.epoch()) && !era.isInMemory()) {
                leave(distrust.cause());
            }
            boolean _ = distrust.left().tryEmitEmpty().isSuccess(); // once each
        }
    }

    /** Takes from the queue what fits into one append. False if there is nothing. */
    private boolean begin() {
        List<Entry> entries = queue.take(MAX_BATCH);
        if (entries.isEmpty()) {
            return false;
        }
        Era era = log.era();
        var events = new ArrayList<LoggedEvent>(entries.size());
        for (Entry entry : entries) {
            if (entry instanceof Entry.Fact(long number, Happening what)) {
                events.add(LoggedEvent.of(what.at(era.place(number))));
            }
        }
        var next = new Append(entries, events);
        append = next;
        if (era.isInMemory() || events.isEmpty()) {
            next.done();
        } else {
            start(next);
        }
        return true;
    }

    private void start(Append next) {
        var _ = TimeLimit.on(journal.append(next.events()), setup.patience(), setup.threads().timers())
                .subscribe(
                        _ -> {},
                        e -> {
                            next.failed(e);
                            drain.wake();
                        },
                        () -> {
                            next.done();
                            drain.wake();
                        });
    }

    /** Whether no append is under way any more; tells what it carried. */
    private boolean settled() {
        Append present = append;
        if (present == null) {
            return true;
        }
        Throwable failure = present.failure();
        if (failure != null) {
            leave(failure);
        } else if (present.isDone()) {
            tell(present.entries(), present.events());
        } else if (queue.waiting() > CAPACITY) {
            leave(new JournalException(CAPACITY + " events wait for it"));
        } else {
            return false;
        }
        return true;
    }

    private void tell(List<Entry> entries, List<LoggedEvent> events) {
        append = null;
        RingJournal window = log.era().window();
        int next = 0;
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.Fact(long number, Happening _) -> {
                    LoggedEvent event = events.get(next++);
                    window.add(event);
                    queue.tell(number);
                    bus.publish(event);
                }
                case Entry.Errand errand -> queue.runOrKeep(errand);
            }
        }
        bus.toldUpTo(log.era().place(queue.told()));
        queue.runEarly();
    }

    /** Goes on in memory, in a new epoch, with what the journal did not take. */
    private void leave(Throwable cause) {
        tellProblem(cause);
        var memory = setup.memory();
        Era era = Era.of(memory, memory.bounds(), queue.told(), setup.kept(),
                EventSignal.Loss.JOURNAL_FAILED);
        log.enter(era);
        Append failed = append;
        if (failed != null) {
            // The first of them is the first of the era: none of an append is told before all are taken.
            tell(failed.entries(), failed.events()
                    .stream()
                    .map(event -> LoggedEvent.of(event.event()
                            .at(new Cursor(era.epoch(), event.seq() - failed.events().getFirst().seq() + 1))))
                    .toList());
        }
        var _ = journal.abandon().subscribe(_ -> {}, e -> LOG.warn("the event journal: {}", e.getMessage()));
        retryLater();
    }

    private void tellProblem(Throwable cause) {
        String why = cause instanceof TimeoutException
                ? "it has not answered for " + setup.patience().toMillis() + " ms"
                : String.valueOf(cause.getMessage());
        problem = Optional.of("the event journal cannot be used: " + why
                + "; events are kept in memory only, in a"
                + " new epoch, and it is tried again every " + setup.pause().toSeconds() + " s");
        LOG.error("{}", problem.get());
    }

    private void retryLater() {
        if (closing) {
            return;
        }
        retry.update(Mono.delay(setup.pause(), setup.threads().timers())
                .then(TimeLimit.on(Mono.defer(journal::open), setup.patience(), setup.threads().timers()))
                .subscribe(
                        opened -> {
                            returned = opened;
                            drain.wake();
                        },
                        e -> {
                            LOG.debug("the event journal cannot be used yet: {}", e.getMessage());
                            retryLater();
                        }));
    }

    /** Goes on in the journal, in a new epoch, if that works again. */
    private void takeBack() {
        EventJournal.Opened opened = returned;
        if (opened == null) {
            return;
        }
        returned = null;
        note(opened);
        problem = Optional.empty();
        LOG.info("the event journal can be used again; events go there, in a new epoch");
        log.enter(Era.of(journal, opened.bounds(), queue.told(), setup.kept(),
                EventSignal.Loss.JOURNAL_RETURNED));
    }
}
