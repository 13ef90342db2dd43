package dev.patchbay.event.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonAddressTest {
    @ParameterizedTest
    @CsvSource({"ws://h:2375, ws://h:2375/patchbay/v1/events", "wss://h/, wss://h/patchbay/v1/events",
            "wss://[::1]:1/behind/a%20proxy, wss://[::1]:1/behind/a%20proxy"})
    void findsTheStreamOfADaemonOnTheNetwork(URI uri, String target) {
        assertThat(DaemonAddress.of(uri).target()).isEqualTo(target);
        assertThat(DaemonAddress.of(uri).socket()).isEmpty();
    }

    @Test
    void findsTheStreamBehindAUnixSocket() {
        assertThat(DaemonAddress.of(URI.create("unix:///run/p.sock")).socket())
                .hasValue(new DomainSocketAddress("/run/p.sock"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://h", "unix://h/p", "unix:p", "ws:///p", "ws://h/?since=now", "ws://u@h/", "h"})
    void refusesWhatIsNoDaemon(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> DaemonAddress.of(URI.create(uri)));
    }

    @Test
    void pausesDoubleUpToTheLongestAndAreNeverShorterThanHalf() {
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), new Random(1));
        for (int failures = 1; failures < 100; failures++) {
            long full = failures < 10 ? 100L << (failures - 1) : 30_000;
            assertThat(backoff.after(failures))
                    .isBetween(Duration.ofMillis(Math.min(full, 30_000) / 2),
                            Duration.ofMillis(Math.min(full, 30_000)));
        }
    }
}
