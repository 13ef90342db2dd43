package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patchbay.EngineBusyException;
import dev.patchbay.EngineClosedException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.Plugins;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.stream.Occasion;
import dev.patchbay.use.Holders;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A letter and its answer, by the rules of reactive streams. */
@Timeout(120)
final class SubmissionTest {
    private static final Outcome DONE = new Outcome.Done(List.of("a"), Holders.NONE);
    private static final Outcome REFUSED = new Outcome.Failed(
            new Refusal.Conflict("echo", Kind.DISABLED, "echo is off"));

    private static final int GARBAGE_LOOKS = 100;

    private final VirtualTimeScheduler replies = VirtualTimeScheduler.create();
    private final Occasion ended = new Occasion();
    private final List<Reply> sent = new ArrayList<>();

    @AfterEach
    void end() {
        replies.dispose();
    }

    private Mono<List<String>> asked() {
        return Submission.of(ways(replies), (_, reply) -> sent.add(reply), Outcome.Done::dropped);
    }

    private Submission.Ways ways(Scheduler thread) {
        return new Submission.Ways(thread, ended);
    }

    private void answer(Outcome outcome) {
        sent.getLast().give(outcome);
        replies.advanceTime();
    }

    @Test
    void sendsOneLetterForEachSubscriptionAndNoneBefore() {
        Mono<List<String>> asked = asked();
        assertThat(sent).isEmpty();
        asked.subscribe();
        asked.subscribe();
        assertThat(sent).hasSize(2);
    }

    @Test
    void givesTheResultOnceItIsRequestedHoweverLateAndOnce() {
        StepVerifier.create(asked(), 0)
                .expectSubscription()
                .then(() -> answer(DONE))
                .expectNoEvent(Duration.ZERO)
                .thenRequest(1)
                .then(replies::advanceTime)
                .expectNext(List.of("a"))
                .verifyComplete();
        StepVerifier.create(asked(), 0)
                .thenRequest(1)
                .thenRequest(Long.MAX_VALUE)
                .then(() -> answer(DONE))
                .expectNext(List.of("a"))
                .verifyComplete();
        assertThat(ended.waiting()).isZero();
    }

    @Test
    void takesARequestForNothingAsNone() {
        var seen = new Seen();
        asked().subscribe(seen);
        seen.subscription().request(0);
        answer(DONE);
        seen.subscription().request(-1);
        replies.advanceTime();
        assertThat(seen.ends).hasValue(0);
        seen.subscription().request(1);
        replies.advanceTime();
        assertThat(seen.ends).hasValue(1);
    }

    @Test
    void endsWithoutARequestIfThereIsNothingToGive() {
        StepVerifier.create(Submission.of(ways(replies), (_, reply) -> sent.add(reply), _ -> null), 0)
                .then(() -> answer(DONE))
                .verifyComplete();
        StepVerifier.create(asked(), 0)
                .then(() -> answer(REFUSED))
                .verifyErrorMessage("echo is off");
        assertThat(ended.waiting()).isZero();
    }

    @Test
    void whoLeavesHearsNothingAndIsNotKept() {
        var early = new Seen();
        asked().subscribe(early);
        early.subscription().cancel();
        assertThat(ended.waiting()).isZero();
        answer(REFUSED);

        var late = new Seen();
        asked().subscribe(late);
        sent.getLast().give(DONE);
        late.subscription().cancel();
        late.subscription().request(1);
        replies.advanceTime();
        assertThat(ended.waiting()).isZero();
        assertThat(early.ends).hasValue(0);
        assertThat(late.ends).hasValue(0);
    }

    @Test
    void aResultThatCannotBeMadeIsAFailure() {
        var broken = new IllegalStateException("nobody is there");
        StepVerifier.create(Submission.of(ways(replies), (_, reply) -> sent.add(reply), _ -> {
            throw broken;
        }), 0).then(() -> answer(DONE)).verifyErrorSatisfies(e -> assertThat(e).isSameAs(broken));
        assertThat(ended.waiting()).isZero();
    }

    @Test
    void whoHasLeftIsNotKeptByALetterThatIsNotAnswered() {
        WeakReference<Seen> left = askAndLeave();
        assertThat(sent).hasSize(1);
        for (int look = 0; look < GARBAGE_LOOKS && left.get() != null; look++) {
            System.gc();
        }
        assertThat(left.get()).isNull();
        answer(DONE);
    }

    private WeakReference<Seen> askAndLeave() {
        var seen = new Seen();
        asked().subscribe(seen);
        seen.subscription().cancel();
        return new WeakReference<>(seen);
    }

    @Test
    void whoLeavesAsItComesSendsAllTheSameAndIsNotKept() {
        asked().doOnSubscribe(Subscription::cancel).subscribe();
        assertThat(sent).hasSize(1);
        assertThat(ended.waiting()).isZero();
        answer(REFUSED);
    }

    @Test
    void aSecondAnswerDoesNotPassQuietlyAlsoIfNobodyListens() {
        asked().subscribe();
        Reply reply = sent.getLast();
        reply.give(DONE);
        assertThatIllegalStateException().isThrownBy(() -> reply.give(DONE))
                .withMessageStartingWith("answered twice");

        asked().subscribe().dispose();
        Reply gone = sent.getLast();
        gone.give(DONE);
        assertThatIllegalStateException().isThrownBy(() -> gone.give(REFUSED));

        Reply unheard = Reply.unheard();
        unheard.give(DONE);
        assertThatIllegalStateException().isThrownBy(() -> unheard.give(DONE));
    }

    @Test
    void whatIsNotAnsweredBeforeTheEndFailsAndAnAnswerAfterwardsMeansNothing() {
        StepVerifier.create(asked())
                .then(ended::happen)
                .then(replies::advanceTime)
                .verifyError(EngineClosedException.class);
        sent.getLast().give(DONE);
        replies.advanceTime();
        assertThat(ended.waiting()).isZero();
    }

    @Test
    void whoComesAfterTheEndHearsOfItThoughNoThreadIsLeft() {
        ended.happen();
        replies.dispose();
        StepVerifier.create(asked()).verifyError(EngineClosedException.class);
    }

    @Test
    void whatCannotBeSentFailsOnTheSubscribingThread() {
        StepVerifier.create(Submission.of(ways(replies), (_, _) -> {
            throw new EngineBusyException(3);
        }, Outcome.Done::dropped), 0).verifyError(EngineBusyException.class);
        assertThat(ended.waiting()).isZero();
    }

    @Test
    void carriesTheRequestIdOfItsSubscriber() {
        List<String> ids = new ArrayList<>();
        Mono<Object> asked = Submission.of(ways(replies), (id, _) -> ids.add(id), _ -> null);
        asked.contextWrite(context -> context.put(Plugins.REQUEST_ID, "r1")).subscribe();
        asked.subscribe();
        assertThat(ids).containsExactly("r1", "");
    }

    @Test
    void aRefusalShowsWhoWaitedForIt() {
        replies.dispose(); // told where it is answered
        Mono<Object> refused = Submission.of(ways(replies), (_, reply) -> reply.give(REFUSED), _ -> null);
        StepVerifier.create(refused.checkpoint("asked for by the test")).verifyErrorSatisfies(e -> {
            assertThat(e).isInstanceOf(PluginConflictException.class);
            assertThat(e.getSuppressed()).singleElement()
                    .satisfies(trace -> assertThat(trace).hasMessageContaining("asked for by the test"));
        });
        assertThat(errorOfBlock(refused).getSuppressed()).singleElement()
                .satisfies(trace -> assertThat(trace.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(SubmissionTest.class.getName())));
    }

    private static RuntimeException errorOfBlock(Mono<?> refused) {
        try {
            throw new AssertionError("not refused: " + refused.block());
        } catch (PluginConflictException e) {
            return e;
        }
    }

    /** Answer, end, request and cancellation at one moment: one signal at most, and one unless it was cancelled. */
    @Test
    void whateverComesAtTheSameMomentThereIsOneEnd() throws Exception {
        Scheduler thread = Schedulers.newSingle("replies", true);
        try {
            for (boolean cancels : List.of(false, true)) {
                for (int round = 0; round < 10_000; round++) {
                    race(thread, cancels);
                }
            }
        } finally {
            thread.dispose();
        }
    }

    private static void race(Scheduler thread, boolean cancels) throws InterruptedException {
        var end = new Occasion();
        var reply = new AtomicReference<@Nullable Reply>();
        var seen = new Seen();
        Submission.of(new Submission.Ways(thread, end), (_, to) -> reply.set(to), Outcome.Done::dropped)
                .subscribe(seen);
        Reply to = Objects.requireNonNull(reply.get());
        var work = new ArrayList<Runnable>(
                List.of(() -> to.give(DONE), end::happen, () -> seen.subscription().request(1)));
        if (cancels) {
            work.add(seen.subscription()::cancel);
        }
        var start = new CyclicBarrier(work.size());
        List<Thread> threads = work.stream().map(it -> Thread.ofVirtual().start(() -> {
            pass(start);
            it.run();
        })).toList();
        for (Thread one : threads) {
            one.join();
        }
        Mono.fromRunnable(() -> {}).subscribeOn(thread).block(); // what was scheduled before has run
        assertThat(seen.ends).hasValueBetween(cancels ? 0 : 1, 1);
        assertThat(seen.wrong).hasValue(0);
        assertThat(end.waiting()).isZero();
    }

    private static void pass(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks for nothing by itself, and counts: whatever stands between would forgive. */
    private static final class Seen implements CoreSubscriber<List<String>> {
        private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
        private final AtomicInteger ends = new AtomicInteger();
        private final AtomicInteger wrong = new AtomicInteger();

        private Subscription subscription() {
            return Objects.requireNonNull(subscription.get());
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription.set(given);
        }

        @Override
        public void onNext(List<String> value) {
            wrong.addAndGet(ends.get());
        }

        @Override
        public void onComplete() {
            ends.incrementAndGet();
        }

        @Override
        public void onError(Throwable why) {
            ends.incrementAndGet();
        }
    }
}
