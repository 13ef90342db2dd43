package dev.patchbay.authz;

import java.time.Duration;
import java.util.List;

/**
 * Who is asked besides those that are enabled, and for how long.
 *
 * @param named names of plugins that must be there when the daemon starts, in the order in which they are asked
 * @param timeout how long one answer may take, at least 1 ms
 */
public record AuthzOptions(List<String> named, Duration timeout) {
    /** How long an answer may take unless told otherwise. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Copies the names. @throws IllegalArgumentException if the timeout is too short */
    public AuthzOptions {
        named = List.copyOf(named);
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout must be at least 1 ms, not " + timeout);
        }
    }

    /** Those with names, and the usual timeout. */
    public static AuthzOptions naming(List<String> named) {
        return new AuthzOptions(named, TIMEOUT);
    }
}
