package dev.patchbay.web.v1;

import java.time.Clock;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/**
 * How the native API behaves.
 *
 * @param version the server's own, told to subscribers of the event stream
 * @param heartbeat from an answered ping on a WebSocket to the next
 * @param pongTimeout how long a client may take to answer one; then 4012, or 4008 if its socket takes nothing
 * @param closeGrace how long a close frame may take to reach the socket; then the connection is cut
 * @param clock what {@code since=10m} counts back from
 * @param timers where the three times are waited for; its owner disposes of it, after the server
 */
public record NativeConfig(
        String version,
        Duration heartbeat,
        Duration pongTimeout,
        Duration closeGrace,
        Clock clock,
        Scheduler timers) {
    /** The default of {@code heartbeat}. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(30);

    /** The default of {@code pongTimeout}. */
    public static final Duration PONG_TIMEOUT = Duration.ofSeconds(10);

    /** The default of {@code closeGrace}. */
    public static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    /** Checks that the times are positive. */
    public NativeConfig {
        if (!heartbeat.isPositive() || !pongTimeout.isPositive() || !closeGrace.isPositive()) {
            throw new IllegalArgumentException("heartbeat, pong timeout and close grace must be positive");
        }
    }

    /** The defaults, with the system's clock. */
    public static NativeConfig of(String version, Scheduler timers) {
        return new NativeConfig(version, HEARTBEAT, PONG_TIMEOUT, CLOSE_GRACE, Clock.systemUTC(), timers);
    }
}
