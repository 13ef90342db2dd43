package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.Force;
import dev.patchbay.engine.Command.Disable;
import dev.patchbay.engine.Command.Purged;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class MailboxTest {
    private static final int PRODUCERS = 8;
    private static final int LETTERS = 100_000;

    private final VirtualTimeScheduler thread = VirtualTimeScheduler.create();
    private final Mailbox mailbox = new Mailbox(3, thread);

    @AfterEach
    void end() {
        thread.dispose();
    }

    @Test
    void refusesMoreAsksThanFitAndTakesThemAgainWhenThereIsRoom() {
        for (int i = 0; i < 3; i++) {
            assertThat(mailbox.offer(ask())).isTrue();
        }
        assertThat(mailbox.offer(ask())).isFalse();
        assertThat(mailbox.depth()).isEqualTo(3);
        var reader = new Reader(1);
        mailbox.subscribe(reader);
        thread.advanceTime();
        assertThat(reader.read).hasSize(1);
        assertThat(mailbox.depth()).isEqualTo(2);
        assertThat(mailbox.offer(ask())).isTrue();
        assertThat(mailbox.offer(ask())).isFalse();
    }

    @Test
    void neverRefusesReportsAndDoesNotCountThem() {
        IntStream.range(0, 100).forEach(number -> mailbox.report(report(0, number)));
        assertThat(mailbox.depth()).isZero();
        assertThat(mailbox.offer(ask())).isTrue();
        var reader = new Reader(Long.MAX_VALUE);
        mailbox.subscribe(reader);
        thread.advanceTime();
        assertThat(reader.read).hasSize(101);
    }

    @Test
    void deliversReportsFirstAndEachLaneInOrder() {
        var asks = List.<Letter>of(ask(), ask());
        var reports = List.<Letter>of(report(0, 1), report(0, 2));
        mailbox.offer(asks.get(0));
        mailbox.report(reports.get(0));
        mailbox.offer(asks.get(1));
        mailbox.report(reports.get(1));
        var reader = new Reader(Long.MAX_VALUE);
        mailbox.subscribe(reader);
        thread.advanceTime();
        assertThat(reader.read).containsExactly(reports.get(0), reports.get(1), asks.get(0), asks.get(1));
    }

    @Test
    void takesWhatTakesAnAskBackBehindItThoughItIsFull() {
        var asks = List.<Letter>of(ask(), ask(), ask());
        asks.forEach(mailbox::offer);
        Letter after = report(0, 1);
        mailbox.follow(after);
        assertThat(mailbox.depth()).isEqualTo(3);
        assertThat(mailbox.offer(ask())).isFalse();
        var reader = new Reader(Long.MAX_VALUE);
        mailbox.subscribe(reader);
        thread.advanceTime();
        assertThat(reader.read).containsExactly(asks.get(0), asks.get(1), asks.get(2), after);
        assertThat(mailbox.depth()).isZero();
    }

    @Test
    void deliversNoMoreThanWasRequested() {
        IntStream.range(0, 5).forEach(number -> mailbox.report(report(0, number)));
        var reader = new Reader(0);
        mailbox.subscribe(reader);
        thread.advanceTime();
        assertThat(reader.read).isEmpty();
        reader.request(2);
        thread.advanceTime();
        assertThat(reader.read).hasSize(2);
        reader.request(1);
        reader.request(1);
        thread.advanceTime();
        assertThat(reader.read).hasSize(4);
    }

    @Test
    void deliversOnItsThreadOnly() throws Exception {
        Scheduler state = Schedulers.newSingle("mailbox-test", true);
        try {
            var seen = new CompletableFuture<String>();
            var single = new Mailbox(3, state);
            single.subscribe(new Reader(Long.MAX_VALUE) {
                @Override
                protected void hookOnNext(Letter letter) {
                    seen.complete(Thread.currentThread().getName());
                }
            });
            single.report(report(0, 1));
            assertThat(seen.get(30, TimeUnit.SECONDS)).startsWith("mailbox-test");
        } finally {
            state.dispose();
        }
    }

    @Test
    void hasOneSubscriber() {
        mailbox.subscribe(new Reader(1));
        StepVerifier.create(mailbox)
                .expectErrorMessage("a mailbox has one subscriber")
                .verify();
    }

    @Test
    void deliversNothingAfterItWasCancelledAlsoFromWithin() {
        var reader = new Reader(Long.MAX_VALUE) {
            @Override
            protected void hookOnNext(Letter letter) {
                super.hookOnNext(letter);
                cancel();
            }
        };
        mailbox.report(report(0, 1));
        mailbox.report(report(0, 2));
        mailbox.subscribe(reader);
        thread.advanceTime();
        mailbox.report(report(0, 3));
        thread.advanceTime();
        assertThat(reader.read).containsExactly(report(0, 1));
    }

    @Test
    void refusesNobodyWhoComesWhileItIsCancelled() {
        var inTheWay = new Rejecting();
        var crossed = new Mailbox(3, inTheWay);
        inTheWay.first = crossed::cancel;
        assertThat(crossed.offer(ask())).isTrue();
        for (Consumer<Mailbox> comer : List.<Consumer<Mailbox>>of(box -> box.follow(ask()),
                box -> box.report(report(0, 1)))) {
            var other = new Mailbox(3, inTheWay);
            inTheWay.first = other::cancel;
            comer.accept(other);
        }
    }

    @Test
    void saysSoIfItsThreadIsGoneThoughItWasNotCancelled() {
        var abandoned = new Mailbox(3, new Rejecting());
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> abandoned.report(report(0, 1)));
    }

    /** A thread that ends just when it is given something. */
    private static final class Rejecting implements Scheduler {
        private Runnable first = () -> {};

        @Override
        public Disposable schedule(Runnable task) {
            first.run();
            throw Exceptions.failWithRejected();
        }

        @Override
        public Worker createWorker() {
            return new Worker() {
                @Override
                public Disposable schedule(Runnable task) {
                    return Rejecting.this.schedule(task);
                }

                @Override
                public void dispose() {
                    // it has ended
                }
            };
        }
    }

    @Test
    void losesAndDoublesNothingUnderManyProducers() throws InterruptedException {
        Scheduler state = Schedulers.newSingle("mailbox-test", true);
        var producers = Executors.newFixedThreadPool(PRODUCERS);
        try {
            var stressed = new Mailbox(16, state);
            var counter = new Counter();
            stressed.subscribe(counter);
            for (int producer = 0; producer < PRODUCERS; producer++) {
                int self = producer;
                producers.execute(() -> produce(stressed, self));
            }
            assertThat(counter.all.await(120, TimeUnit.SECONDS)).as("all delivered: " + counter.count)
                    .isTrue();
            assertThat(counter.wrong).isEmpty();
            assertThat(stressed.depth()).isZero();
        } finally {
            producers.shutdownNow();
            assertThat(producers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            state.dispose();
        }
    }

    /** Half of the producers report, half ask and repeat what was refused. */
    private static void produce(Mailbox mailbox, int self) {
        for (int number = 0; number < LETTERS; number++) {
            if (self % 2 == 0) {
                mailbox.report(report(self, number));
            } else {
                while (!mailbox.offer(report(self, number))) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static Letter ask() {
        return new Letter.Ask(new Disable(Lives.PLUGIN, Force.NO), "test", Reply.unheard());
    }

    /** A letter that says who sent it and as which. */
    private static Letter report(int producer, int number) {
        return new Letter.Report(new Purged(Lives.PLUGIN, Optional.of(producer + ":" + number)));
    }

    private static class Reader extends BaseSubscriber<Letter> {
        final List<Letter> read = new ArrayList<>();
        private final long first;

        Reader(long first) {
            this.first = first;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (first > 0) {
                request(first);
            }
        }

        @Override
        protected void hookOnNext(Letter letter) {
            read.add(letter);
        }
    }

    /** Asks for few at a time, so that demand runs out often. */
    private static final class Counter extends BaseSubscriber<Letter> {
        private static final int BATCH = 7;

        private final CountDownLatch all = new CountDownLatch(PRODUCERS * LETTERS);
        private final int[] next = new int[PRODUCERS]; // subscriber's thread only
        private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        private volatile long count;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(BATCH);
        }

        @Override
        protected void hookOnNext(Letter letter) {
            String words = ((Purged) ((Letter.Report) letter).command()).problem().orElseThrow();
            int colon = words.indexOf(':');
            int producer = Integer.parseInt(words.substring(0, colon));
            int number = Integer.parseInt(words.substring(colon + 1));
            if (next[producer] != number) {
                wrong.add(words + " instead of " + next[producer]);
            }
            next[producer] = number + 1;
            long now = count + 1;
            count = now;
            all.countDown();
            if (now % BATCH == 0) {
                request(BATCH);
            }
        }
    }
}
