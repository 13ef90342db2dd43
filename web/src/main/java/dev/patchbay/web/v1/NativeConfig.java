package dev.patchbay.web.v1;

import java.time.Clock;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/**
 * How the native API behaves.
 *
 * @param version the server's own, told to subscribers of the event stream
 * @param node what this machine is called, told to them as well
 * @param times how long is waited for what
 * @param clock what {@code since=10m} counts back from
 * @param timers where these times are waited for; its owner disposes of it, after the server
 */
public record NativeConfig(String version, String node, Times times, Clock clock, Scheduler timers) {
    /** The default of {@code heartbeat}. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(30);

    /** The default of {@code pongTimeout}. */
    public static final Duration PONG_TIMEOUT = Duration.ofSeconds(10);

    /** The default of {@code slowTimeout}. */
    public static final Duration SLOW_TIMEOUT = Duration.ofSeconds(30);

    /** The default of {@code closeGrace}. */
    public static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    /**
     * How long streams wait for what.
     *
     * @param heartbeat from an answered ping on a WebSocket to the next
     * @param pongTimeout how long a client may take to answer one; then 4012
     * @param slowTimeout how long the socket of a subscriber of the event stream may take nothing of what waits for it;
     *     then 4008
     * @param closeGrace how long a close frame may take to reach the socket; then the connection is cut
     */
    public record Times(Duration heartbeat, Duration pongTimeout, Duration slowTimeout, Duration closeGrace) {
        /** The defaults. */
        public static final Times USUAL = new Times(HEARTBEAT, PONG_TIMEOUT, SLOW_TIMEOUT, CLOSE_GRACE);

        /** Checks that they are positive. */
        public Times {
            if (!heartbeat.isPositive() || !pongTimeout.isPositive() || !slowTimeout.isPositive()
                    || !closeGrace.isPositive()) {
                throw new IllegalArgumentException(
                        "heartbeat, pong timeout, slow timeout and close grace must be positive");
            }
        }

        /** The same with another heartbeat. */
        public Times withHeartbeat(Duration other) {
            return new Times(other, pongTimeout, slowTimeout, closeGrace);
        }

        /** The same with another limit for slow subscribers. */
        public Times withSlowTimeout(Duration other) {
            return new Times(heartbeat, pongTimeout, other, closeGrace);
        }
    }

    /** The defaults, with the system's clock. */
    public static NativeConfig of(String version, String node, Scheduler timers) {
        return new NativeConfig(version, node, Times.USUAL, Clock.systemUTC(), timers);
    }

    /** The same with other times. */
    public NativeConfig withTimes(Times other) {
        return new NativeConfig(version, node, other, clock, timers);
    }
}
