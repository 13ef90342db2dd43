package dev.patchbay.client;

import dev.patchbay.client.Circuit.Admission;
import dev.patchbay.client.Circuit.Outcome;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The circuit of one plugin, for any thread. */
final class CircuitBreaker {
    private final CircuitLimits limits;
    private final AtomicReference<Circuit> circuit = new AtomicReference<>(Circuit.Closed.START);
    private volatile @Nullable Throwable lastFailure;

    CircuitBreaker(CircuitLimits limits) {
        this.limits = limits;
    }

    /** Asks whether to call. Whoever may must {@link #settle} it, with the round of the circuit that it was told of. */
    Admission admit(long nowNanos) {
        while (true) {
            Circuit now = circuit.get();
            Admission admission = now.admit(nowNanos, limits);
            if (!(admission instanceof Admission.Admitted(Circuit next))
                    || circuit.compareAndSet(now, next)) {
                return admission;
            }
        }
    }

    /** Tells what became of a call, and why. */
    void settle(int round, Outcome outcome, @Nullable Throwable failure, long nowNanos) {
        if (outcome == Outcome.FAILED && failure != null) {
            lastFailure = failure;
        }
        Circuit now;
        Circuit next;
        do {
            now = circuit.get();
            next = now.after(round, outcome, nowNanos, limits);
        } while (!circuit.compareAndSet(now, next));
    }

    /** What the last call that got no answer failed with. */
    @Nullable
    Throwable lastFailure() {
        return lastFailure;
    }
}
