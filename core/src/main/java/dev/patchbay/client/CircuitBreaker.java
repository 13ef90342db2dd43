package dev.patchbay.client;

import dev.patchbay.client.Circuit.Admission;
import dev.patchbay.client.Circuit.Outcome;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The circuit of one plugin, for any thread. */
final class CircuitBreaker {
    private final CircuitLimits limits;
    private final AtomicReference<Circuit> circuit = new AtomicReference<>(Circuit.START);
    private volatile @Nullable Throwable lastFailure;

    CircuitBreaker(CircuitLimits limits) {
        this.limits = limits;
    }

    /** Asks whether to call. Whoever may must {@link #settle} it, with the round of the circuit that it was told of. */
    Admission admit(long nowNanos) {
        while (true) {
            Circuit now = circuit.get();
            Admission admission = Circuit.admit(now, nowNanos, limits);
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
        circuit.updateAndGet(now -> Circuit.after(now, round, outcome, nowNanos, limits));
    }

    /** What the last call that got no answer failed with. */
    @Nullable
    Throwable lastFailure() {
        return lastFailure;
    }
}
