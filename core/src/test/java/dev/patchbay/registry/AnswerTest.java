package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/** An answer whose reader leaves while it comes. */
final class AnswerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final RegistryWorld world = new RegistryWorld();

    @AfterEach
    void close() throws InterruptedException {
        world.close();
    }

    @Test
    void hasNothingToSayAboutABodyThatWasGivenUpBeforeItIsRead() throws InterruptedException {
        URI url = URI.create("http://" + world.server.reference(RegistryWorld.NAME).domain() + "/v2/"
                + RegistryWorld.NAME + "/manifests/1.0");
        // An error would reach nobody but the log: whoever gave the body up is gone.
        Optional<byte[]> read = HttpClient.create()
                .get()
                .uri(url)
                .responseConnection((head, connection) -> givenUpThenRead(url, head, connection))
                .next()
                .blockOptional(PATIENCE);
        assertThat(read).isEmpty();
    }

    private static Mono<byte[]> givenUpThenRead(URI url, HttpClientResponse head, Connection connection) {
        var request = new Request("read", "GET", url, Trust.UNVERIFIED, List.of(), Optional.empty(),
                PATIENCE);
        var timers = new Timers(Schedulers.parallel(), InstantSource.system(), new Random(1));
        var answer = new Answer(request, head, connection, RegistryTimeouts.DEFAULT, timers);
        answer.cut();
        return answer.bytes(RegistryWorld.MANIFEST.length).take(MOMENT);
    }
}
