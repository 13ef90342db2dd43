package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import dev.patchbay.client.Circuit.Admission;
import dev.patchbay.client.Circuit.Outcome;
import org.jspecify.annotations.Nullable;

/** What stands before a plugin: how much may be asked at a time, whether it is asked at all, and whether it is still there. */
final class Gate {
    private final int generation;
    private final Turnstile calls;
    private final Turnstile streams;
    private final CircuitBreaker breaker;
    private final InFlight inFlight;
    private final CallClock clock;

    Gate(int generation, ClientOptions options, CallClock clock) {
        this.generation = generation;
        this.calls = new Turnstile(options.limits().calls());
        this.streams = new Turnstile(options.limits().streams());
        this.breaker = new CircuitBreaker(options.circuit());
        this.inFlight = new InFlight(clock);
        this.clock = clock;
    }

    /** Lets a call through. @throws PluginCallException if it must not be made */
    Passage forCall(Asked asked) {
        return enter(asked, calls, "calls under way or waiting");
    }

    /** Lets a call through whose answer is a stream. @throws PluginCallException if it must not be made */
    Passage forStream(Asked asked) {
        return enter(asked, streams, "streams");
    }

    private Passage enter(Asked asked, Turnstile turnstile, String what) {
        if (inFlight.hasEnded()) {
            throw new PluginCallException.Ended(asked.call(), generation);
        }
        if (!turnstile.enter()) {
            throw new PluginCallException.TooMany(asked.call(), turnstile.limit(), what);
        }
        return switch (breaker.admit(clock.nanos())) {
            case Admission.Admitted(Circuit circuit) ->
                new Passage(this, turnstile, circuit.round(), asked.uncounted());
            case Admission.Refused(var pause) -> {
                turnstile.leave();
                throw new PluginCallException.CircuitOpen(asked.call(), pause, breaker.lastFailure());
            }
        };
    }

    void settle(int round, Outcome outcome, @Nullable Throwable failure) {
        breaker.settle(round, outcome, failure, clock.nanos());
    }

    InFlight inFlight() {
        return inFlight;
    }
}
