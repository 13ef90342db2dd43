package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import dev.patchbay.client.Circuit.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The right of one exchange to be under way. Must be ended, once; of what is told of it, the first counts. */
final class Passage {
    private final Gate gate;
    private final Turnstile turnstile;
    private final int round;
    private final boolean uncounted;
    private final AtomicBoolean settled = new AtomicBoolean();

    /** @param uncounted whether no answer in time says nothing of the plugin */
    Passage(Gate gate, Turnstile turnstile, int round, boolean uncounted) {
        this.gate = gate;
        this.turnstile = turnstile;
        this.round = round;
        this.uncounted = uncounted;
    }

    /** The plugin answers, though the answer may not be over yet. */
    void answered() {
        settle(Outcome.ANSWERED, null);
    }

    /** It came to nothing. */
    void failed(Throwable failure) {
        boolean late = failure instanceof PluginCallException.TimedOut;
        settle(late && uncounted ? Outcome.ABANDONED : outcome(failure), failure);
    }

    /** Nobody waits for an answer any more. */
    void givenUp(Exchange exchange, long patienceNanos) {
        settle(exchange.hasWaited(patienceNanos) && !uncounted ? Outcome.FAILED : Outcome.ABANDONED, null);
    }

    private void settle(Outcome outcome, @Nullable Throwable failure) {
        if (settled.compareAndSet(false, true)) {
            gate.settle(round, outcome, failure);
        }
    }

    /** It is over. */
    void end(Exchange exchange) {
        gate.inFlight().leave(exchange);
        turnstile.leave();
    }

    private static Outcome outcome(Throwable failure) {
        return switch (failure) {
            case PluginCallException call -> switch (call) {
                case PluginCallException.Broken _,PluginCallException.TimedOut _,PluginCallException.Unreachable _ ->
                    Outcome.FAILED;
                case PluginCallException.Refused _,PluginCallException.TooLarge _,PluginCallException.Unreadable _ ->
                    Outcome.ANSWERED;
                case PluginCallException.CircuitOpen _,PluginCallException.Ended _,PluginCallException.NotImplemented _,PluginCallException.OtherScheme _,PluginCallException.TooMany _ ->
                    Outcome.ABANDONED;
            };
            default -> Outcome.ABANDONED; // what was to be sent failed, or whoever was to read it
        };
    }
}
