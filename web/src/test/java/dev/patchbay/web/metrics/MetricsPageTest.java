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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    /** An engine with many series. */
    private static final class Counted extends UnaskedPlugins {
        private final AtomicInteger asked;

        Counted(AtomicInteger asked) {
            this.asked = asked;
        }

        @Override
        public List<Reading> metrics() {
            asked.incrementAndGet();
            return IntStream.range(0, MANY)
                    .mapToObj(i -> Reading.of(Metric.PLUGIN_PIDS, i, "plugin-" + i))
                    .toList();
        }
    }

    @AfterEach
    void close() {
        server.close();
        page.close();
    }

    private void show() {
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
    void slowReadersAreFewAndCutOffAndKeepNobodyElseFromReadingThen() throws IOException {
        show();
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < MetricsPage.MOST_READERS; i++) {
                slow.add(RawClient.connect(server.socket()).send(GET));
            }
            await().untilAsserted(() -> assertThat(server.get("/metrics")).startsWith("HTTP/1.1 503 ")
                    .contains("as many as 16 are reading metrics already"));
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
