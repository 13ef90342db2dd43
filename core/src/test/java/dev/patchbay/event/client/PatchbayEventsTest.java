package dev.patchbay.event.client;

import static dev.patchbay.event.client.Audience.PATIENCE;
import static dev.patchbay.event.client.Audience.at;
import static dev.patchbay.event.client.Audience.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.client.ScriptedDaemon.Talk;
import dev.patchbay.event.client.StreamSignal.Connected;
import dev.patchbay.event.client.StreamSignal.Disconnected;
import dev.patchbay.event.client.StreamSignal.Loss;
import dev.patchbay.event.client.StreamSignal.Lost;
import dev.patchbay.event.client.StreamSignal.Passed;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** What a subscriber is told of what the daemon says, and what the client asks for. */
class PatchbayEventsTest {
    private final ScriptedDaemon daemon = ScriptedDaemon.open();

    @AfterEach
    void close() {
        daemon.close();
    }

    @Test
    void saysWhatItWants() throws Exception {
        var filter = new EventFilter(Set.of(EventType.CRASH, EventType.EXIT),
                EventFilter.of(List.of(), List.of("sample", "5724e2c8652d"), List.of()).plugins(),
                Set.of("logdriver"));
        try (var _ = Audience.of(daemon,
                options(options -> options.from(new From.Oldest()).filter(filter).window(10)))) {
            assertThat(daemon.next().begin("e:0").toString()).isEqualTo("""
                    {"frame":"subscribe","sub":"events","from":"oldest","filter":{"type":["exit","crash"],\
                    "plugin":["5724e2c8652d","sample:latest"],"capability":["logdriver"]},"credit":10}""");
        }
    }

    @Test
    void tellsNoEventTwice() throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk talk = daemon.next();
            talk.begin("e:5");
            talk.event(6, 5);
            talk.event(6, 5);
            talk.event(4, 3);
            talk.event(7, 6);
            audience.next(Connected.class);
            assertThat(audience.nextSeq()).isEqualTo(6);
            assertThat(audience.nextSeq()).isEqualTo(7);
        }
    }

    @Test
    void passesGapsOnAndFollowsThemIntoAnotherEpoch() throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk first = daemon.next();
            first.begin("e:5");
            first.gap("e:5", "e:8", "trimmed");
            first.event(9, 8);
            first.gap("e:9", "f:0", "journal_failed");
            first.event(1, 0);
            audience.next(Connected.class);
            assertThat(audience.next(Lost.class)).isEqualTo(new Lost(at("e:5"), at("e:8"), Loss.TRIMMED));
            assertThat(audience.nextSeq()).isEqualTo(9);
            assertThat(audience.next(Lost.class))
                    .isEqualTo(new Lost(at("e:9"), at("f:0"), Loss.JOURNAL_FAILED));
            assertThat(audience.next(StreamSignal.Happened.class).event().cursor()).isEqualTo(at("f:1"));
            first.cut();
            assertThat(daemon.next().begin("f:1").path("from").stringValue()).isEqualTo("f:1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"trimmed e:8", "epoch_changed f:0", "future e:2"})
    void saysWhatIsLostWhenItCannotResume(String answer) throws Exception {
        String reason = answer.split(" ", 2)[0];
        String place = answer.split(" ", 2)[1];
        try (var audience = Audience.of(daemon, options(options -> options.after(at("e:5"))))) {
            Talk talk = daemon.next();
            assertThat(talk.begin(reason, place).path("from").stringValue()).isEqualTo("e:5");
            audience.next(Connected.class);
            assertThat(audience.next(Lost.class)).isEqualTo(new Lost(at("e:5"), at(place), Loss.of(reason)));
            talk.event(at(place).seq() + 1, at(place).seq());
            assertThat(audience.nextSeq()).isEqualTo(at(place).seq() + 1);
        }
    }

    @Test
    void asksAgainForWhatDidNotCome() throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk first = daemon.next();
            first.begin("e:5");
            first.event(8, 7);
            audience.next(Connected.class);
            audience.next(Disconnected.class);
            Talk second = daemon.next();
            assertThat(second.begin("e:5").path("from").stringValue()).isEqualTo("e:5");
            second.event(8, 7);
            audience.next(Connected.class);
            assertThat(audience.next(Lost.class)).isEqualTo(new Lost(at("e:5"), at("e:7"), Loss.UNEXPLAINED));
            assertThat(audience.nextSeq()).isEqualTo(8);
        }
    }

    @Test
    void resumesAfterABookmark() throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk first = daemon.next();
            first.begin("e:5");
            first.say("{'frame':'bookmark','sub':'events','seq':8}");
            audience.next(Connected.class);
            assertThat(audience.next(Passed.class).upTo()).isEqualTo(at("e:8"));
            first.cut();
            assertThat(daemon.next().begin("e:8").path("from").stringValue()).isEqualTo("e:8");
        }
    }

    @Test
    void letsTheDaemonSendOnlyWhatThereIsRoomFor() throws Exception {
        try (var audience = new Audience(1)) {
            PatchbayEvents.connect(daemon.uri(), options(options -> options.window(4))).subscribe(audience);
            Talk talk = daemon.next();
            assertThat(talk.begin("e:0").path("credit").intValue()).isEqualTo(4);
            audience.next(Connected.class);
            for (int seq = 1; seq <= 4; seq++) {
                talk.event(seq, seq - 1);
            }
            talk.say("{'frame':'bookmark','sub':'events','seq':9}");
            audience.request(1);
            assertThat(audience.nextSeq()).isEqualTo(1);
            assertThat(talk.hasHeardNothing()).isTrue();
            audience.request(1);
            assertThat(audience.nextSeq()).isEqualTo(2);
            assertThat(talk.hear().path("n").intValue()).isEqualTo(2);
            assertThat(audience.wasToldNothingMore()).isTrue();
            talk.cut();
            // What waits here was granted once and is not granted again.
            assertThat(daemon.next().begin("e:9").path("credit").intValue()).isEqualTo(2);
            audience.request(3);
            assertThat(audience.nextSeq()).isEqualTo(3);
            assertThat(audience.nextSeq()).isEqualTo(4);
            assertThat(audience.next(Passed.class).upTo()).isEqualTo(at("e:9"));
        }
    }

    @Test
    void grantsNoMoreThanTheDaemonLets() throws Exception {
        try (var audience = new Audience(1)) {
            PatchbayEvents.connect(daemon.uri(), options(options -> options.window(4))).subscribe(audience);
            Talk first = daemon.next();
            first.begin("e:0");
            audience.next(Connected.class);
            for (int seq = 1; seq <= 4; seq++) {
                first.event(seq, seq - 1);
            }
            first.say("{'frame':'bookmark','sub':'events','seq':9}"); // all before it is there when it resumes here
            first.cut();
            Talk second = daemon.next();
            second.hello(30_000, 2);
            JsonNode wish = second.hear();
            assertThat(wish.path("from").stringValue()).isEqualTo("e:9");
            assertThat(wish.path("credit").intValue()).isZero();
            second.subscribed("ok", "e:9");
            audience.request(Long.MAX_VALUE);
            assertThat(second.hear().path("n").intValue()).isEqualTo(2);
        }
    }

    @Test
    void endsWithASubscriberThatThrows() throws Exception {
        PatchbayEvents.connect(daemon.uri(), options()).subscribe(new CoreSubscriber<StreamSignal>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(StreamSignal signal) {
                throw new IllegalStateException("of the subscriber's own");
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        Talk talk = daemon.next();
        talk.begin("e:0");
        talk.awaitClosed();
    }

    @Test
    void closesItsConnectionWhenItIsCancelled() throws Exception {
        var audience = Audience.of(daemon, options());
        Talk talk = daemon.next();
        talk.begin("e:0");
        audience.next(Connected.class);
        audience.cancel();
        talk.awaitClosed();
        assertThat(audience.wasToldNothingMore()).isTrue();
    }

    @Test
    void closesItsConnectionWhenItIsCancelledBeforeTheDaemonGreets() throws Exception {
        var audience = Audience.of(daemon, options());
        Talk talk = daemon.next();
        audience.cancel();
        talk.awaitClosed();
    }

    @Test
    void tellsASnapshotThatWasCutOffAgain() throws Exception {
        String plugin = "{'frame':'plugin','sub':'events','plugin':{'id':'" + "5".repeat(64)
                + "','name':'sample:latest','enabled':true}}";
        try (var audience = Audience.of(daemon, options(StreamOptions.Builder::snapshot))) {
            Talk first = daemon.next();
            assertThat(first.begin("e:5").path("from").stringValue()).isEqualTo("snapshot");
            first.say("{'frame':'snapshot.begin','sub':'events','asOf':5}");
            first.say(plugin);
            audience.next(Connected.class);
            assertThat(audience.next(StreamSignal.SnapshotBegan.class).asOf()).isEqualTo(at("e:5"));
            assertThat(audience.next(StreamSignal.SnapshotPlugin.class).json()).contains("\"enabled\":true");
            first.cut();
            audience.next(Disconnected.class);
            Talk second = daemon.next();
            assertThat(second.begin("e:7").path("from").stringValue()).isEqualTo("snapshot");
            second.say("{'frame':'snapshot.begin','sub':'events','asOf':7}");
            second.say("{'frame':'snapshot.end','sub':'events','asOf':7}");
            audience.next(Connected.class);
            audience.next(StreamSignal.SnapshotBegan.class);
            assertThat(audience.next(StreamSignal.SnapshotEnded.class).asOf()).isEqualTo(at("e:7"));
            second.cut();
            assertThat(daemon.next().begin("e:7").path("from").stringValue()).isEqualTo("e:7");
        }
    }

    @Test
    void understandsWhatItCanOfANewerDaemon() throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk talk = daemon.next();
            talk.begin("e:5");
            talk.say("{'frame':'weather','sunny':true}");
            talk.event(6, 5, "dance");
            talk.say(
                    "{'frame':'event','sub':'events','seq':7,'prev':6,'time':'2026-01-31T12:00:00Z','type':'collect',"
                            + "'generation':0,'actor':{'kind':'moon'},'attributes':{}}");
            talk.say(
                    "{'frame':'event','sub':'events','seq':8,'prev':7,'time':'2026-01-31T12:00:00Z','type':'crash',"
                            + "'plugin':{'name':'sample:latest','types':[{'capability':'dancer'}]},"
                            + "'generation':1,'actor':{'kind':'engine'},'attributes':{}}");
            talk.event(9, 8);
            audience.next(Connected.class);
            assertThat(audience.next(StreamSignal.Unknown.class))
                    .isEqualTo(new StreamSignal.Unknown(at("e:6"), "dance"));
            assertThat(audience.next(StreamSignal.Unknown.class))
                    .isEqualTo(new StreamSignal.Unknown(at("e:7"), "collect"));
            assertThat(audience.next(StreamSignal.Unknown.class))
                    .isEqualTo(new StreamSignal.Unknown(at("e:8"), "crash"));
            assertThat(audience.nextSeq()).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello?", "[]", "{'frame':'event','seq':6,'prev':5,'type':'collect'}",
            "{'frame':'error','sub':'events','code':'invalid','message':'no'}"})
    void failsIfItIsNotUnderstood(String text) throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk talk = daemon.next();
            talk.begin("e:5");
            talk.say(text);
            audience.next(Connected.class);
            assertThat(audience.next(StreamRefusedException.class).code()).isEmpty();
            talk.awaitClosed();
        }
    }

    @Test
    void givesEventsAloneUntilSomeAreLost() throws Exception {
        var events = PatchbayEvents.events(daemon.uri(), options());
        var verifier = StepVerifier.create(events.map(event -> event.seq()))
                .expectNext(6L)
                .expectErrorSatisfies(
                        failure -> assertThat(failure).isInstanceOfSatisfying(EventsLostException.class,
                                lost -> assertThat(lost.lost().to()).isEqualTo(at("e:9"))))
                .verifyLater();
        Talk talk = daemon.next();
        talk.begin("e:5");
        talk.event(6, 5);
        talk.gap("e:6", "e:9", "trimmed");
        verifier.verify(PATIENCE);
        talk.awaitClosed();
    }
}
