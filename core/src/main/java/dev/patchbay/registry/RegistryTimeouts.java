package dev.patchbay.registry;

import java.time.Duration;

/**
 * How long each step of an exchange may take; each is positive.
 *
 * @param connect for a TCP connection, for each address of the host
 * @param handshake for TLS
 * @param headers from the end of a request to the end of the answer's headers, however slowly they trickle; short
 *     answers have as long again for their body
 * @param idle of a body: no byte comes though somebody wants one, or none can be sent
 * @param commit in place of {@code headers} where the registry has a whole blob to check before it answers
 */
public record RegistryTimeouts(
        Duration connect, Duration handshake, Duration headers, Duration idle, Duration commit) {
    /** As Docker: 30 s to connect, 10 s for TLS; and 30 s for headers, 60 s of silence, 5 min for a blob's check. */
    public static final RegistryTimeouts DEFAULT = new RegistryTimeouts(
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60),
            Duration.ofMinutes(5));

    /** Checks. @throws IllegalArgumentException if one is not positive */
    public RegistryTimeouts {
        positive("connect", connect);
        positive("handshake", handshake);
        positive("headers", headers);
        positive("idle", idle);
        positive("commit", commit);
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("the timeout " + name + " must be positive: " + value);
        }
    }
}
