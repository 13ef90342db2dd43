package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.EngineBusyException;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** Subscriptions over one connection of the sub-protocol {@code patchbay.v1}. */
@Timeout(60)
final class SubscriptionsIT {
    private static final String EVENTS = "/patchbay/v1/events";
    private static final String EPOCH = ScriptedPlugins.EPOCH;

    // Small, so that something is trimmed.
    private final NativeServer server = new NativeServer(
            new ScriptedPlugins(Recorders.immediate(new RingJournal(100, 1 << 20, new Random(1)))));
    private final ScriptedPlugins plugins = server.plugins;
    private long published;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void refusesAFilterMoreThanThereMayBeInAll() throws Exception {
        List<SocketClient> clients = new ArrayList<>();
        int connections = Math.ceilDiv(StreamLimits.MAX_FILTERS, StreamLimits.MAX_SUBSCRIPTIONS);
        try {
            for (int i = 0; i < connections; i++) {
                var client = new SocketClient(server.unixClient(), EVENTS);
                clients.add(client);
                for (int sub = 0; sub < StreamLimits.MAX_SUBSCRIPTIONS; sub++) {
                    client.say("{\"frame\":\"subscribe\",\"sub\":\"s" + sub
                            + "\",\"filter\":{\"plugin\":[\"p" + i + "-" + sub + "\"]}}");
                }
                for (int frame = 0; i < connections - 1 && frame <= StreamLimits.MAX_SUBSCRIPTIONS; frame++) {
                    client.next(); // hello, and all have begun
                }
            }
            SocketClient last = clients.getLast();
            assertThat(last.closed().code()).isEqualTo(4013);
            assertThat(server.feeds()).isLessThanOrEqualTo(StreamLimits.MAX_FILTERS);
            var another = new SocketClient(server.unixClient(), EVENTS);
            clients.add(another);
            another.say("{\"frame\":\"subscribe\",\"sub\":\"s\",\"filter\":{\"plugin\":[\"p0-0\"]}}");
            assertThat(another.json().get("frame").stringValue()).isEqualTo("hello");
            assertThat(another.json().get("frame").stringValue()).isEqualTo("subscribed");
        } finally {
            clients.forEach(SocketClient::close);
        }
    }

    @Test
    void saysNothingButHelloUntilItIsAsked() throws Exception {
        try (SocketClient client = connect()) {
            assertThat(client.subprotocol()).contains("patchbay.v1");
            publish(1);
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"oldest\"}");
            assertThat(client.next()).isEqualTo("{\"frame\":\"subscribed\",\"sub\":\"a\",\"recovered\":true,"
                    + "\"reason\":\"ok\",\"resumeFrom\":\"" + EPOCH + ":0\",\"head\":1}");
            assertThat(client.next()).startsWith("{\"frame\":\"event\",\"sub\":\"a\",\"seq\":1,\"prev\":0,");
            publish(1);
            assertThat(client.next()).startsWith("{\"frame\":\"event\",\"sub\":\"a\",\"seq\":2,\"prev\":1,");
        }
    }

    @Test
    void carriesSeveralSubscriptionsWithFiltersOfTheirOwn() {
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"all\"}");
            client.next();
            client.say("{\"frame\":\"subscribe\",\"sub\":\"crash\",\"filter\":{\"type\":[\"crash\"]}}");
            client.next();
            publish(1);
            assertThat(client.next()).contains("\"sub\":\"all\",\"seq\":1,\"prev\":0,");
            publish(EventType.CRASH);
            assertThat(client.next() + client.next()).contains("\"sub\":\"all\",\"seq\":2,\"prev\":1,")
                    .contains("\"sub\":\"crash\",\"seq\":2,\"prev\":0,");
            publish(1);
            client.next();
            publish(EventType.CRASH);
            assertThat(client.next() + client.next()).contains("\"sub\":\"all\",\"seq\":4,\"prev\":3,")
                    .contains("\"sub\":\"crash\",\"seq\":4,\"prev\":2,");
            assertThat(server.feeds()).isEqualTo(2);
        }
    }

    @Test
    void sendsNoMoreThanItHasCreditFor() {
        publish(10);
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"oldest\",\"credit\":2}");
            assertThat(client.next()).contains("\"head\":10");
            assertThat(client.next()).contains("\"seq\":1,\"prev\":0,");
            assertThat(client.next()).contains("\"seq\":2,\"prev\":1,");
            client.say("{\"frame\":\"credit\",\"sub\":\"b\",\"n\":1}"); // what it is told next is the answer to this
            assertThat(client.next()).isEqualTo("{\"frame\":\"error\",\"sub\":\"b\",\"code\":\"unknown_sub\","
                    + "\"message\":\"there is no subscription of that name; subscribe first\"}");
            client.say("{\"frame\":\"credit\",\"sub\":\"a\",\"n\":9}");
            for (int seq = 3; seq <= 10; seq++) {
                assertThat(client.next()).contains("\"seq\":" + seq + ",\"prev\":" + (seq - 1) + ",");
            }
            publish(2);
            assertThat(client.next()).contains("\"seq\":11,\"prev\":10,");
            client.say("{\"frame\":\"credit\",\"sub\":\"a\",\"n\":1}");
            assertThat(client.next()).contains("\"seq\":12,\"prev\":11,");
        }
    }

    @Test
    void beginsWithASnapshotAndGoesOnWithoutHoleOrOverlap() {
        publish(3);
        plugins.installed.put("a", Samples.plugin());
        plugins.installed.put("b",
                Samples.plugin(Samples.OTHER_ID, "org/other", Samples.plugin().status()));
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"snapshot\",\"credit\":0}");
            assertThat(client.next()).contains("\"resumeFrom\":\"" + EPOCH + ":3\",\"head\":3}");
            assertThat(client.next()).isEqualTo("{\"frame\":\"snapshot.begin\",\"sub\":\"a\",\"asOf\":3}");
            assertThat(client.next()).startsWith("{\"frame\":\"plugin\",\"sub\":\"a\",\"plugin\":{\"id\":\"");
            assertThat(client.next()).contains("\"name\":\"sample:latest\"");
            publish(1);
            assertThat(client.next()).isEqualTo("{\"frame\":\"snapshot.end\",\"sub\":\"a\",\"asOf\":3}");
            client.say("{\"frame\":\"credit\",\"sub\":\"a\",\"n\":1}");
            assertThat(client.next()).contains("\"seq\":4,\"prev\":3,");
            client.say("{\"frame\":\"subscribe\",\"sub\":\"b\",\"from\":\"snapshot\","
                    + "\"filter\":{\"plugin\":[\"org/other\"]}}");
            client.next();
            client.next();
            assertThat(client.next()).contains("org/other");
            assertThat(client.next()).contains("snapshot.end");
        }
    }

    @Test
    void saysWhetherItCouldResume() {
        publish(150);
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"old\",\"from\":\"" + EPOCH + ":7\",\"credit\":1}");
            assertThat(client.next()).contains("\"recovered\":false,\"reason\":\"trimmed\",\"resumeFrom\":\""
                    + EPOCH + ":50\",\"head\":150}");
            assertThat(client.next()).contains("\"seq\":51,\"prev\":50,");
            client.say("{\"frame\":\"subscribe\",\"sub\":\"other\",\"from\":\"gone:7\",\"credit\":0}");
            assertThat(client.next()).contains("\"recovered\":false,\"reason\":\"epoch_changed\"");
            client.say("{\"frame\":\"subscribe\",\"sub\":\"late\",\"from\":\"" + EPOCH + ":151\"}");
            assertThat(client.next()).contains("\"recovered\":false,\"reason\":\"future\",\"resumeFrom\":\""
                    + EPOCH + ":150\"");
        }
    }

    @Test
    void announcesWhatWasTrimmedWhileItHadNoCredit() {
        publish(1);
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"oldest\",\"credit\":1}");
            client.next();
            assertThat(client.next()).contains("\"seq\":1,");
            publish(200);
            client.say("{\"frame\":\"credit\",\"sub\":\"a\",\"n\":1}");
            assertThat(client.next())
                    .isEqualTo("{\"frame\":\"gap\",\"sub\":\"a\",\"from\":\"" + EPOCH + ":1\","
                            + "\"to\":\"" + EPOCH + ":101\",\"reason\":\"trimmed\"}");
            assertThat(client.next()).contains("\"seq\":102,\"prev\":101,");
        }
    }

    @Test
    void saysHowFarItHasComeAtAHeartbeat() {
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\",\"filter\":{\"type\":[\"crash\"]}}");
            client.next();
            publish(3);
            server.timers.advanceTimeBy(NativeServer.HEARTBEAT);
            assertThat(client.next()).isEqualTo("{\"frame\":\"bookmark\",\"sub\":\"a\",\"seq\":3}");
            publish(EventType.CRASH);
            assertThat(client.next()).contains("\"seq\":4,\"prev\":0,");
        }
    }

    @Test
    void unsubscribesAndSubscribesAgain() {
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\"}");
            client.next();
            client.say("{\"frame\":\"unsubscribe\",\"sub\":\"a\"}");
            await().atMost(NativeServer.PATIENCE).until(() -> server.feeds() == 0);
            publish(1);
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\"}");
            assertThat(client.next()).contains("\"resumeFrom\":\"" + EPOCH + ":1\"");
            publish(1);
            assertThat(client.next()).contains("\"seq\":2,\"prev\":1,");
        }
    }

    @Test
    void aCloseReasonBeginsWithThePlaceToResumeFrom() throws Exception {
        publish(5);
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"oldest\",\"credit\":3}");
            client.say("{\"frame\":\"subscribe\",\"sub\":\"b\",\"from\":\"oldest\"}");
            for (int frame = 0; frame < 2 + 3 + 5; frame++) {
                client.next();
            }
            plugins.endEvents();
            assertThat(client.closed()).isEqualTo(new SocketClient.Closed(4009, EPOCH + ":3 shutting down"));
        }
    }

    @Test
    void aCloseReasonCoversSubscriptionsThatHaveNotBegun() throws Exception {
        plugins.snapshots.set(Mono.never());
        publish(5);
        try (SocketClient client = connect()) {
            publish(2);
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\"}");
            assertThat(client.next()).contains("\"resumeFrom\":\"" + EPOCH + ":7\"");
            client.say("{\"frame\":\"subscribe\",\"sub\":\"b\",\"from\":\"snapshot\"}");
            client.say("{\"frame\":\"credit\",\"sub\":\"c\",\"n\":1}");
            assertThat(client.next()).contains("unknown_sub"); // the other has been heard
            plugins.endEvents();
            assertThat(client.closed()).isEqualTo(new SocketClient.Closed(4009, EPOCH + ":5 shutting down"));
        }
    }

    @Test
    void endsWithBusyWhereTooManyWaitForASnapshot() throws Exception {
        plugins.snapshots.set(Mono.error(new EngineBusyException(7)));
        try (SocketClient client = connect()) {
            client.say("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"snapshot\"}");
            assertThat(client.closed()).isEqualTo(new SocketClient.Closed(4013, EPOCH
                    + ":0 the engine is busy: 7 commands wait already; try again in a moment"));
        }
    }

    private SocketClient connect() {
        var client = new SocketClient(server.unixClient(), EVENTS);
        assertThat(client.next()).contains("\"frame\":\"hello\"");
        return client;
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            plugins.publish(Samples.event(++published));
        }
    }

    private void publish(EventType type) {
        plugins.publish(Samples.event(++published, type, Samples.ID, "sample:latest"));
    }
}
