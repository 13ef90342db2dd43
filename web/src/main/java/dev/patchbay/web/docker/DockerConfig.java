package dev.patchbay.web.docker;

import java.time.Clock;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/**
 * How Docker's API behaves.
 *
 * @param info what is said about the engine
 * @param slowTimeout how long the socket of a client of {@code /events} may take nothing of what waits for it; then the
 *     connection is cut
 * @param clock for the window of {@code /events}
 * @param timers where these times are waited for, and how often progress is told; its owner disposes of it, after the
 *     server
 */
public record DockerConfig(EngineInfo info, Duration slowTimeout, Clock clock, Scheduler timers) {
    /** Checks that the time is positive. */
    public DockerConfig {
        if (!slowTimeout.isPositive()) {
            throw new IllegalArgumentException("the slow timeout must be positive");
        }
    }
}
