package dev.patchbay.client;

import dev.patchbay.client.Circuit.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right of one exchange to be under way. Must be ended; what is told after that, or twice, means nothing. */
final class Passage {
    private final Exchange<?> exchange;
    private final Gate gate;
    private final Turnstile turnstile;
    private final int round;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final AtomicBoolean left = new AtomicBoolean();

    Passage(Exchange<?> exchange, Gate gate, Turnstile turnstile, int round) {
        this.exchange = exchange;
        this.gate = gate;
        this.turnstile = turnstile;
        this.round = round;
    }

    /** The plugin answers, though the answer may not be over yet. */
    void answered() {
        settle(Outcome.ANSWERED);
    }

    /** It is over. */
    void end(Outcome outcome) {
        settle(outcome);
        if (left.compareAndSet(false, true)) {
            gate.inFlight().leave(exchange);
            turnstile.leave();
        }
    }

    private void settle(Outcome outcome) {
        if (settled.compareAndSet(false, true)) {
            gate.settle(round, outcome);
        }
    }
}
