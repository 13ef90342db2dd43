package dev.patchbay.client;

import java.time.Duration;
import java.util.Optional;
import reactor.netty.resources.LoopResources;

/**
 * How plugins are called.
 *
 * <p>What a plugin can cost at most, beside its connections: the answers to as many calls as may be under way or wait, each up
 * to {@code maxAnswerBytes}, three times for the moment in which it is read (the bytes, their JSON, the values); with the
 * defaults 288 answers of 4 MiB, if it answers each call with as much. Whoever does not trust plugins, nor needs such answers,
 * sets less: 64 KiB make it 18 MiB.
 *
 * @param timeout how long an answer may take if the call says nothing else; at least 1 ms, a hundred years if it is
 *     longer
 * @param maxAnswerBytes how much of an answer is read that is no stream; positive
 * @param limits how much may be asked of one plugin at a time
 * @param retries when calls that are repeatable are made again
 * @param circuit when a plugin is left alone
 * @param eventLoops of the host, on which plugins are called; with Netty's native transport, as nothing else knows unix sockets: what is called from one of them is, as a rule, answered on it.
 *     The host ends them, after the clients were closed; empty: the clients have their own
 */
public record ClientOptions(Duration timeout, int maxAnswerBytes, CallLimits limits, CallRetries retries,
        CircuitLimits circuit, Optional<LoopResources> eventLoops) {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** As long as Docker grants a volume driver, whose slowest call, {@code Mount}, asks for more. */
    public static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** As much as Docker reads of an authorization plugin. */
    public static final int MAX_ANSWER_BYTES = 4 << 20;
    /** Everything by default. */
    public static final ClientOptions DEFAULT = new ClientOptions(TIMEOUT, MAX_ANSWER_BYTES,
            CallLimits.DEFAULT, CallRetries.DEFAULT, CircuitLimits.DEFAULT);

    /** With event loops of the clients' own. @throws IllegalArgumentException if a value is out of its range */
    public ClientOptions(Duration timeout, int maxAnswerBytes, CallLimits limits, CallRetries retries,
            CircuitLimits circuit) {
        this(timeout, maxAnswerBytes, limits, retries, circuit, Optional.empty());
    }

    /** Checks. @throws IllegalArgumentException if a value is out of its range */
    public ClientOptions {
        if (timeout.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("timeout must be at least 1 ms, not " + timeout);
        }
        if (maxAnswerBytes < 1) {
            throw new IllegalArgumentException("maxAnswerBytes must be positive, not " + maxAnswerBytes);
        }
    }

    /** The same on event loops of the host. */
    public ClientOptions on(LoopResources loops) {
        return new ClientOptions(timeout, maxAnswerBytes, limits, retries, circuit, Optional.of(loops));
    }
}
