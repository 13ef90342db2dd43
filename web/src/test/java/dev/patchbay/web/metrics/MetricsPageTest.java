package dev.patchbay.web.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.UnaskedPlugins;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import dev.patchbay.web.RawClient;
import dev.patchbay.web.TestServer;
import dev.patchbay.web.feed.EventHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The page of metrics, and those who read it slowly. */
@Timeout(60)
class MetricsPageTest {
    private static final String GET = "GET /metrics HTTP/1.1\r\nHost: d\r\n\r\n";

    /** More than sockets hold. */
    private static final int MANY = 40_000;

    private final AtomicInteger asked = new AtomicInteger();
    private final Counted plugins = new Counted(asked);
    private final MetricsPage page = new MetricsPage(Duration.ofSeconds(2));
    private final TestServer server = TestServer.start(List.of(page.route()));
    private final TestServer other = TestServer.start(List.of(page.route()));

    /** An engine with many series. */
    private static final class Counted extends UnaskedPlugins {
        private final AtomicInteger asked;
        private final AtomicBoolean open = new AtomicBoolean();

        Counted(AtomicInteger asked) {
            this.asked = asked;
        }

        @Override
        public List<Reading> metrics() {
            asked.incrementAndGet();
            while (!open.get()) {
                // this thread must not block
            }
            return IntStream.range(0, MANY)
                    .mapToObj(i -> Reading.of(Metric.PLUGIN_PIDS, i, "plugin-" + i))
                    .toList();
        }
    }

    @AfterEach
    void close() {
        server.close();
        other.close();
        page.close();
    }

    private void show() {
        plugins.open.set(true);
        page.show(plugins, new EventHub(plugins));
    }

    @Test
    void saysSoUntilThereIsAnEngine() throws IOException {
        assertThat(server.get("/metrics")).startsWith("HTTP/1.1 503 ").contains("the engine is being opened");
    }

    @Test
    void isTextForPrometheusWithAllOfTheEngineTheStreamAndTheProcess() throws IOException {
        show();
        assertThat(server.get("/metrics")).startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n",
                        "patchbay_plugin_pids{plugin=\"plugin-39999\"} 39999\n",
                        "patchbay_event_subscribers{kind=\"api\"} 0\n", "patchbay_event_subscriber_lag 0\n",
                        "jvm_gc_collection_seconds_count{gc=\"");
    }

    @Test
    void isMadeOnceForAllWhoAskWithinASecond() throws IOException {
        show();
        for (int i = 0; i < 5; i++) {
            server.get("/metrics");
        }
        assertThat(asked.get()).isBetween(1, 4);
    }

    @Test
    void noMoreThanThoseFewAreTakenWhoAskBeforeThereIsAText() throws Exception {
        page.show(plugins, new EventHub(plugins));
        List<Future<String>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MetricsPage.MOST_READERS + 4; i++) {
                answers.add(threads.submit(() -> server.get("/metrics")));
            }
            await().untilAsserted(() -> assertThat(answers.stream().filter(Future::isDone)).hasSize(4));
            plugins.open.set(true);
        }
        assertThat(answers.stream().map(Future::resultNow).filter(text -> text.startsWith("HTTP/1.1 200 ")))
                .hasSize(MetricsPage.MOST_READERS);
        assertThat(server.get("/metrics")).as("all have left").startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whoSpeaksHttp10GetsItInOnePiece() throws IOException {
        show();
        String answer = RawClient.exchange(server.socket(), "GET /metrics HTTP/1.0\r\nHost: d\r\n\r\n");
        assertThat(answer).contains(" 200 OK\r\n").doesNotContain("chunked");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(body).startsWith("# HELP ")
                .contains("patchbay_plugin_pids{plugin=\"plugin-39999\"} 39999\n");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains("content-length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n");
    }

    @Test
    void aPlaceThatIsNeverReadAtIsGivenBackWhenItsTimeIsOver() {
        var readers = new AtomicInteger();
        var time = VirtualTimeScheduler.create();
        Place place = Place.take(readers, 1).orElseThrow();
        assertThat(Place.take(readers, 1)).isEmpty();
        place.expireAfter(Duration.ofSeconds(2), time);
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(readers.get()).isZero();
        assertThat(place.begin()).as("too late").isFalse();
        place.leave();
        assertThat(readers.get()).as("once").isZero();
    }

    @Test
    void slowReadersAreFewAndCutOffAndKeepNobodyElseFromReadingThen() throws IOException {
        show();
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < MetricsPage.MOST_READERS; i++) {
                slow.add(RawClient.connect(server.socket()).send(GET));
            }
            await().untilAsserted(() -> assertThat(server.get("/metrics")).startsWith("HTTP/1.1 503 ")
                    .contains("as many as 16 are reading metrics already"));
            assertThat(other.get("/metrics")).as("over another row").startsWith("HTTP/1.1 200 ");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(server.get("/metrics")).startsWith("HTTP/1.1 200 "));
            for (RawClient client : slow) {
                assertThat(client.readAll()).as("cut off").doesNotContain("\r\n0\r\n\r\n");
            }
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }
}
