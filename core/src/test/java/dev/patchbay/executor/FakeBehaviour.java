package dev.patchbay.executor;

import dev.patchbay.executor.ExecutorException.Step;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a plugin's containers do in a {@link FakeRuntimeExecutor}. Starts from {@link #LISTENS}, changed by the methods.
 *
 * @param startsAfter from the subscription to the running container
 * @param failsAt the steps that fail and change nothing; a start fails at PREPARE, CREATE or START
 * @param hangsAt the steps that never end unless cancelled and change nothing; a start hangs at START
 * @param listensAfter from the running container to its socket; absent means never
 * @param ends how and when it ends by itself, if it does
 * @param endsOnTerm how and when it ends after TERM; absent means that it ignores it
 * @param exitSignals when the end is told after it happened, once for each element
 */
public record FakeBehaviour(
        Duration startsAfter,
        Set<Step> failsAt,
        Set<Step> hangsAt,
        Optional<Duration> listensAfter,
        Optional<End> ends,
        Optional<End> endsOnTerm,
        List<Duration> exitSignals) {
    /** Starts and listens at once, runs until TERM, then ends with code 0. */
    public static final FakeBehaviour LISTENS = new FakeBehaviour(
            Duration.ZERO,
            Set.of(),
            Set.of(),
            Optional.of(Duration.ZERO),
            Optional.empty(),
            Optional.of(new End(Duration.ZERO, new ExitStatus.Exited(0))),
            List.of(Duration.ZERO));

    /** Copies. */
    public FakeBehaviour {
        failsAt = Set.copyOf(failsAt);
        hangsAt = Set.copyOf(hangsAt);
        exitSignals = List.copyOf(exitSignals);
    }

    /** An end, so long after what leads to it. */
    public record End(Duration after, ExitStatus status) {}

    /** The first step of a start that fails, if one does. */
    Optional<Step> startFailsAt() {
        return java.util.stream.Stream.of(Step.PREPARE, Step.CREATE, Step.START)
                .filter(failsAt::contains)
                .findFirst();
    }

    /** The container runs so long after the subscription. */
    public FakeBehaviour startingAfter(Duration delay) {
        return new FakeBehaviour(
                delay, failsAt, hangsAt, listensAfter, ends, endsOnTerm, exitSignals);
    }

    /** This step fails, each time. */
    public FakeBehaviour failingAt(Step step) {
        return new FakeBehaviour(
                startsAfter, with(failsAt, step), hangsAt, listensAfter, ends, endsOnTerm, exitSignals);
    }

    /** The start never ends. */
    public FakeBehaviour hanging() {
        return hangingAt(Step.START);
    }

    /** This step never ends: START, SIGNAL, DELETE or TAKE_OVER. */
    public FakeBehaviour hangingAt(Step step) {
        return new FakeBehaviour(
                startsAfter, failsAt, with(hangsAt, step), listensAfter, ends, endsOnTerm, exitSignals);
    }

    /** It listens so long after it runs. */
    public FakeBehaviour listeningAfter(Duration delay) {
        return new FakeBehaviour(
                startsAfter, failsAt, hangsAt, Optional.of(delay), ends, endsOnTerm, exitSignals);
    }

    /** It never listens. */
    public FakeBehaviour neverListening() {
        return new FakeBehaviour(
                startsAfter, failsAt, hangsAt, Optional.empty(), ends, endsOnTerm, exitSignals);
    }

    /** It ends by itself. */
    public FakeBehaviour ending(Duration after, ExitStatus status) {
        return new FakeBehaviour(
                startsAfter, failsAt, hangsAt, listensAfter, Optional.of(new End(after, status)), endsOnTerm,
                exitSignals);
    }

    /** It ends this way after TERM. */
    public FakeBehaviour endingOnTerm(Duration after, ExitStatus status) {
        return new FakeBehaviour(
                startsAfter, failsAt, hangsAt, listensAfter, ends, Optional.of(new End(after, status)),
                exitSignals);
    }

    /** TERM does nothing. */
    public FakeBehaviour ignoringTerm() {
        return new FakeBehaviour(
                startsAfter, failsAt, hangsAt, listensAfter, ends, Optional.empty(), exitSignals);
    }

    /** Each delete fails, and nothing is removed. */
    public FakeBehaviour failingDelete() {
        return failingAt(Step.DELETE);
    }

    /** Its end is told so often and so late; none, two or late ones are what a defective executor would do. */
    public FakeBehaviour tellingExit(Duration... delays) {
        return new FakeBehaviour(
                startsAfter, failsAt, hangsAt, listensAfter, ends, endsOnTerm, List.of(delays));
    }

    private static Set<Step> with(Set<Step> steps, Step step) {
        var all = EnumSet.of(step);
        all.addAll(steps);
        return all;
    }
}
