package dev.patchbay.registry;

import java.time.Duration;

/** Impatient settings for tests of what goes wrong. */
final class Quick {
    private Quick() {}

    static void patience(RegistryConfig.Builder config) {
        var short_ = Duration.ofMillis(400);
        config.timeouts(
                new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), short_, short_, short_))
                .retries(new RegistryRetries(3, Duration.ofMillis(1), Duration.ofMillis(4),
                        Duration.ofSeconds(1)));
    }
}
