package dev.patchbay.executor;

import dev.patchbay.executor.ExecutorException.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a plugin's containers do in a {@link FakeRuntimeExecutor}. Starts from {@link #LISTENS}, changed by the methods.
 *
 * @param startsAfter from the subscription to the running container
 * @param failsAt the step of start that fails, if one does
 * @param hangs whether start never ends unless cancelled
 * @param listensAfter from the running container to its socket; absent means never
 * @param ends how and when it ends by itself, if it does
 * @param endsOnTerm how and when it ends after TERM; absent means that it ignores it
 * @param deleteFails whether delete fails
 * @param exitSignals when the end is told after it happened, once for each element
 */
public record FakeBehaviour(
        Duration startsAfter,
        Optional<Step> failsAt,
        boolean hangs,
        Optional<Duration> listensAfter,
        Optional<End> ends,
        Optional<End> endsOnTerm,
        boolean deleteFails,
        List<Duration> exitSignals) {
    /** Starts and listens at once, runs until TERM, then ends with code 0. */
    public static final FakeBehaviour LISTENS = new FakeBehaviour(
            Duration.ZERO,
            Optional.empty(),
            false,
            Optional.of(Duration.ZERO),
            Optional.empty(),
            Optional.of(new End(Duration.ZERO, new ExitStatus.Exited(0))),
            false,
            List.of(Duration.ZERO));

    /** Copies the list. */
    public FakeBehaviour {
        exitSignals = List.copyOf(exitSignals);
    }

    /** An end, so long after what leads to it. */
    public record End(Duration after, ExitStatus status) {}

    /** The container runs so long after the subscription. */
    public FakeBehaviour startingAfter(Duration delay) {
        return new FakeBehaviour(delay, failsAt, hangs, listensAfter, ends, endsOnTerm, deleteFails,
                exitSignals);
    }

    /** The start fails at this step. */
    public FakeBehaviour failingAt(Step step) {
        return new FakeBehaviour(
                startsAfter, Optional.of(step), hangs, listensAfter, ends, endsOnTerm, deleteFails,
                exitSignals);
    }

    /** The start never ends. */
    public FakeBehaviour hanging() {
        return new FakeBehaviour(startsAfter, failsAt, true, listensAfter, ends, endsOnTerm, deleteFails,
                exitSignals);
    }

    /** It listens so long after it runs. */
    public FakeBehaviour listeningAfter(Duration delay) {
        return new FakeBehaviour(
                startsAfter, failsAt, hangs, Optional.of(delay), ends, endsOnTerm, deleteFails, exitSignals);
    }

    /** It never listens. */
    public FakeBehaviour neverListening() {
        return new FakeBehaviour(
                startsAfter, failsAt, hangs, Optional.empty(), ends, endsOnTerm, deleteFails, exitSignals);
    }

    /** It ends by itself. */
    public FakeBehaviour ending(Duration after, ExitStatus status) {
        return new FakeBehaviour(
                startsAfter,
                failsAt,
                hangs,
                listensAfter,
                Optional.of(new End(after, status)),
                endsOnTerm,
                deleteFails,
                exitSignals);
    }

    /** It ends this way after TERM. */
    public FakeBehaviour endingOnTerm(Duration after, ExitStatus status) {
        return new FakeBehaviour(
                startsAfter,
                failsAt,
                hangs,
                listensAfter,
                ends,
                Optional.of(new End(after, status)),
                deleteFails,
                exitSignals);
    }

    /** TERM does nothing. */
    public FakeBehaviour ignoringTerm() {
        return new FakeBehaviour(
                startsAfter, failsAt, hangs, listensAfter, ends, Optional.empty(), deleteFails, exitSignals);
    }

    /** Each delete fails, and nothing is removed. */
    public FakeBehaviour failingDelete() {
        return new FakeBehaviour(startsAfter, failsAt, hangs, listensAfter, ends, endsOnTerm, true,
                exitSignals);
    }

    /** Its end is told so often and so late; none, two or late ones are what a defective executor would do. */
    public FakeBehaviour tellingExit(Duration... delays) {
        return new FakeBehaviour(
                startsAfter, failsAt, hangs, listensAfter, ends, endsOnTerm, deleteFails, List.of(delays));
    }
}
