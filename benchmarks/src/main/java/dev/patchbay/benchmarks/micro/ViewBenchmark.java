package dev.patchbay.benchmarks.micro;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import dev.patchbay.benchmarks.events.HubHere;
import dev.patchbay.benchmarks.events.StreamFrames;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.RingJournal;
import dev.patchbay.event.Subscription;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How many events a second can be published in this process until 1, 10 or 100 subscribers have got each, as {@code
 * Plugins.events(Subscription)} gives them, and with what a host would use instead?
 *
 * <p>A batch is published and waited for, as large as what a view holds for a subscriber that is a little behind. What
 * the ways do for it:
 *
 * <ul>
 *   <li>{@link #bareSink} calls each subscriber on the publisher's thread: no queue, no other thread, and who is not ready
 *       loses the event without knowing;
 *   <li>{@link #bufferedSink} gives each subscriber a queue and takes it to another thread, one for all as in the engine:
 *       what a bare sink needs at least before strangers may subscribe. It still fails a subscriber that is too slow;
 *   <li>{@link #disruptor} has a thread for each subscriber, and stops the publisher for the slowest one;
 *   <li>{@link #views} goes to the recorder's thread, numbers each event, puts it into the journal (in memory here), tries
 *       filters, keeps the newest for those who are behind, and then does what a buffered sink does, with a check that
 *       nothing is missing. It neither stops nor loses.
 * </ul>
 */
@Question("How many events a second reach 1, 10 or 100 subscribers in this process?")
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ViewBenchmark {
    private static final int BATCH = 256;
    private static final int RING = 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Waits until each subscriber has got a batch. */
    private static final class Received {
        private final int subscribers;
        private volatile CountDownLatch batch = new CountDownLatch(0);

        Received(int subscribers) {
            this.subscribers = subscribers;
        }

        void begin() {
            batch = new CountDownLatch(subscribers);
        }

        /** Counts for one subscriber, on its thread. */
        Counter counter() {
            return new Counter(this);
        }

        void await() throws InterruptedException {
            if (!batch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(batch.getCount() + " subscribers wait for something");
            }
        }
    }

    private static final class Counter {
        private final Received received;
        private int got;

        Counter(Received received) {
            this.received = received;
        }

        void got() {
            if (++got == BATCH) {
                got = 0;
                received.batch.countDown();
            }
        }
    }

    private static LoggedEvent sample() {
        return StreamFrames.event(new Cursor("0123456789abcdef", 1));
    }

    /** A recorder with a journal in memory, and views of it. */
    @State(Scope.Benchmark)
    public static class Views {
        /** How many. */
        @Param({"1", "10", "100"})
        public int subscribers = 1;

        private final Scheduler writer = Schedulers.newSingle("bench-events", true);
        private final Scheduler replies = Schedulers.newSingle("bench-reply", true);
        private final Scheduler timers = Schedulers.newSingle("bench-timer", true);
        private final Disposable.Composite subscriptions = Disposables.composite();
        private @Nullable EventRecorder recorder;
        private @Nullable Received received;

        /** Subscribes all. */
        @Setup(Level.Trial)
        public void open() throws InterruptedException {
            var opened = Objects.requireNonNull(EventRecorder
                    .open(RingJournal.ofUsualSize(new SecureRandom()), HubHere.setup(writer, replies, timers))
                    .block(PATIENCE));
            var counted = new Received(subscribers);
            var begun = new CountDownLatch(subscribers);
            for (int i = 0; i < subscribers; i++) {
                Counter counter = counted.counter();
                subscriptions.add(opened.view(Subscription.NOW).subscribe(signal -> {
                    switch (signal) {
                        case EventSignal.Happened _ -> counter.got();
                        case EventSignal.Subscribed _ -> begun.countDown();
                        case EventSignal.Gap gap -> throw new IllegalStateException(gap.toString());
                        case EventSignal.Passed _ -> {
                        } // not asked for
                    }
                }));
            }
            begun.await();
            recorder = opened;
            received = counted;
        }

        void publish() throws InterruptedException {
            Received counted = Objects.requireNonNull(received);
            counted.begin();
            Objects.requireNonNull(recorder)
                    .tell(Collections.nCopies(BATCH, StreamFrames.happening()), _ -> {});
            counted.await();
        }

        /** Ends all. */
        @TearDown(Level.Trial)
        public void close() {
            subscriptions.dispose();
            Objects.requireNonNull(recorder).close().block(PATIENCE);
            writer.dispose();
            replies.dispose();
            timers.dispose();
        }
    }

    /** A sink alone. */
    @State(Scope.Benchmark)
    public static class BareSink {
        /** How many. */
        @Param({"1", "10", "100"})
        public int subscribers = 1;

        private final LoggedEvent event = sample();
        private final Sinks.Many<LoggedEvent> sink = Sinks.many().multicast().directBestEffort();
        private final Disposable.Composite subscriptions = Disposables.composite();

        /** Subscribes all. */
        @Setup(Level.Trial)
        public void open() {
            var received = new Received(subscribers); // nobody waits: all have got it when it was emitted
            for (int i = 0; i < subscribers; i++) {
                Counter counter = received.counter();
                subscriptions.add(sink.asFlux().subscribe(_ -> counter.got()));
            }
        }

        void publish() {
            for (int i = 0; i < BATCH; i++) {
                sink.tryEmitNext(event).orThrow();
            }
        }

        /** Ends all. */
        @TearDown(Level.Trial)
        public void close() {
            subscriptions.dispose();
        }
    }

    /** A sink whose subscribers have buffers and another thread. */
    @State(Scope.Benchmark)
    public static class BufferedSink {
        /** How many. */
        @Param({"1", "10", "100"})
        public int subscribers = 1;

        private final LoggedEvent event = sample();
        private final Scheduler replies = Schedulers.newSingle("bench-reply", true);
        private final Sinks.Many<LoggedEvent> sink = Sinks.many().multicast().directBestEffort();
        private final Disposable.Composite subscriptions = Disposables.composite();
        private @Nullable Received received;

        /** Subscribes all. */
        @Setup(Level.Trial)
        public void open() {
            var counted = new Received(subscribers);
            for (int i = 0; i < subscribers; i++) {
                Counter counter = counted.counter();
                subscriptions.add(sink.asFlux()
                        .onBackpressureBuffer(BATCH)
                        .publishOn(replies)
                        .subscribe(_ -> counter.got()));
            }
            received = counted;
        }

        void publish() throws InterruptedException {
            Received counted = Objects.requireNonNull(received);
            counted.begin();
            for (int i = 0; i < BATCH; i++) {
                sink.tryEmitNext(event).orThrow();
            }
            counted.await();
        }

        /** Ends all. */
        @TearDown(Level.Trial)
        public void close() {
            subscriptions.dispose();
            replies.dispose();
        }
    }

    /** A ring buffer with a thread for each subscriber. */
    @State(Scope.Benchmark)
    public static class Ring {
        /** How many. */
        @Param({"1", "10", "100"})
        public int subscribers = 1;

        private final LoggedEvent event = sample();
        private final Disruptor<Slot> disruptor = new Disruptor<>(Slot::new, RING,
                DaemonThreadFactory.INSTANCE, ProducerType.SINGLE, new BlockingWaitStrategy());
        private @Nullable Received received;

        private static final class Slot {
            private @Nullable LoggedEvent event;
        }

        private record Handler(Counter counter) implements EventHandler<Slot> {
            @Override
            public void onEvent(Slot slot, long sequence, boolean endOfBatch) {
                Objects.requireNonNull(slot.event);
                counter.got();
            }
        }

        /** Starts all threads. */
        @Setup(Level.Trial)
        public void open() {
            var counted = new Received(subscribers);
            disruptor.handleEventsWith(IntStream.range(0, subscribers)
                    .mapToObj(_ -> new Handler(counted.counter()))
                    .toArray(Handler[]::new));
            disruptor.start();
            received = counted;
        }

        void publish() throws InterruptedException {
            Received counted = Objects.requireNonNull(received);
            counted.begin();
            for (int i = 0; i < BATCH; i++) {
                disruptor.publishEvent((slot, _, it) -> slot.event = it, event);
            }
            counted.await();
        }

        /** Ends all. */
        @TearDown(Level.Trial)
        public void close() {
            disruptor.shutdown();
        }
    }

    /** Through the recorder. */
    @Benchmark
    @Beside("disruptor")
    @OperationsPerInvocation(BATCH)
    public void views(Views to) throws InterruptedException {
        to.publish();
    }

    /** To a sink alone. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void bareSink(BareSink to) {
        to.publish();
    }

    /** To a sink with buffers behind it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void bufferedSink(BufferedSink to) throws InterruptedException {
        to.publish();
    }

    /** To a ring buffer. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void disruptor(Ring to) throws InterruptedException {
        to.publish();
    }
}
