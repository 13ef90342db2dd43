package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.client.PatchbayEvents;
import dev.patchbay.event.client.StreamOptions;
import dev.patchbay.event.client.StreamSignal;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.crash.SocketClient.Answer;
import dev.patchbay.web.crash.SocketClient.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/**
 * The daemon is killed, connections are dropped and hang, and readers stall, while plugins come and go; at the end each
 * reader must have been told what the journal has, once and in order. A seed decides what is done; when exactly, the
 * machine decides.
 */
@RequiresRoot
@Timeout(1800)
class StreamSurvivesIT {
    private static final int[] WINDOWS = {1, 3, 64, StreamOptions.WINDOW};

    private final Rounds rounds = new Rounds("stream", 5);
    private final Random random = rounds.random();
    private final History history = rounds.history();
    private final List<MoodyReader> readers = new ArrayList<>();
    private Host host;
    private FlakyRelay relay;

    @BeforeAll
    static void needsPrograms() {
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void open() throws IOException {
        host = Host.create();
        relay = new FlakyRelay(host.folder().resolve("p"), host.folder().resolve("s"));
        host.start();
        for (int window : WINDOWS) {
            read(EventFilter.ALL, window);
            read(EventFilter.types(EventType.CREATE, EventType.ENABLE, EventType.REMOVE,
                    EventType.ENGINE_STARTED),
                    window);
        }
    }

    private void read(EventFilter filter, int window) {
        var reader = new MoodyReader(filter);
        readers.add(reader);
        PatchbayEvents.connect(URI.create("unix://" + host.folder().resolve("p")),
                StreamOptions.of(options -> options
                        .from(new From.Oldest())
                        .filter(filter)
                        .window(window)
                        .pauses(Duration.ofMillis(10), Duration.ofMillis(200))
                        .patience(Duration.ofSeconds(20))))
                .subscribe(reader);
    }

    @AfterEach
    void close() throws IOException {
        readers.forEach(MoodyReader::cancel);
        relay.close();
        host.close();
    }

    @Test
    void tellsEveryReaderWhatTheJournalHasThroughKillsDropsAndStalls() {
        rounds.play(this::round, this::eachReaderKnowsAll, host::log);
    }

    private void eachReaderKnowsAll() throws Exception {
        relay.flow();
        readers.forEach(MoodyReader::goOn);
        eachReaderWasToldTheJournal();
        assertThat(readers).allMatch(reader -> reader.connections() > 1, "came back");
    }

    private void round(int number) throws Exception {
        history.add("round " + number);
        var changes = new Changes(new Random(random.nextLong()), 3 + random.nextInt(8));
        Thread user = Thread.ofPlatform().name("user").start(changes);
        try {
            do {
                disturb();
            } while (!changes.enough.await(random.nextInt(200), TimeUnit.MILLISECONDS));
            history.add("kill");
            host.kill();
        } finally {
            changes.stopped = true;
            user.join();
        }
        host.start();
    }

    private void disturb() {
        MoodyReader reader = readers.get(random.nextInt(readers.size()));
        switch (random.nextInt(8)) {
            case 0 -> act("drop", relay::drop);
            case 1 -> act("hang", relay::hang);
            case 2, 3 -> act("flow", relay::flow);
            case 4, 5 -> act("stall " + readers.indexOf(reader), reader::stall);
            default -> act("go on " + readers.indexOf(reader), reader::goOn);
        }
    }

    private void act(String title, Runnable what) {
        history.add(title);
        what.run();
    }

    private void eachReaderWasToldTheJournal() {
        List<PluginEvent> journal = journal();
        Cursor head = journal.getLast().cursor();
        assertThat(journal).extracting(PluginEvent::seq).startsWith(1L).hasSize((int) head.seq());
        assertThat(journal).extracting(PluginEvent::type).contains(EventType.CREATE, EventType.ENABLE);
        System.err.println("events: " + journal.size());
        for (MoodyReader reader : readers) {
            List<PluginEvent> expected = journal.stream().filter(reader.filter()::test).toList();
            Wait.untilAsserted(() -> assertThat(reader.upTo(head)).as("reader %d", readers.indexOf(reader))
                    .isEqualTo(expected));
        }
    }

    /** All that is there at this moment, on a connection that nobody disturbs. */
    private List<PluginEvent> journal() {
        var daemon = URI.create("unix://" + host.folder().resolve("s"));
        StreamOptions options = StreamOptions.of(builder -> builder.from(new From.Oldest()));
        return PatchbayEvents.connect(daemon, options)
                .switchOnFirst((first, all) -> first.get() instanceof StreamSignal.Connected connected
                        ? all.ofType(StreamSignal.Happened.class)
                                .map(StreamSignal.Happened::event)
                                .takeUntil(event -> event.seq() >= connected.head().seq())
                        : Flux.error(new AssertionError("not connected: " + first)))
                .collectList()
                .blockOptional(SocketClient.PATIENCE)
                .orElseThrow();
    }

    /** A user who does not care much what becomes of it: tries something else if a plugin is not as expected. */
    private final class Changes implements Runnable {
        private static final int PLUGINS = 3;

        private final Random chance;
        private final CountDownLatch enough;
        private final Stage[] stages = new Stage[PLUGINS];
        private volatile boolean stopped;

        Changes(Random chance, int enough) {
            this.chance = chance;
            this.enough = new CountDownLatch(enough);
            Arrays.fill(stages, Stage.ABSENT);
        }

        @Override
        public void run() {
            while (!stopped) {
                int plugin = chance.nextInt(PLUGINS);
                try {
                    change(plugin, "p" + plugin);
                } catch (IOException _) {
                    history.add("p" + plugin + ": not answered");
                }
            }
        }

        private void change(int plugin, String name) throws IOException {
            Stage next = switch (stages[plugin]) {
                case ABSENT -> Stage.DISABLED;
                case DISABLED -> chance.nextInt(4) == 0 ? Stage.ABSENT : Stage.ENABLED;
                case ENABLED -> chance.nextBoolean() ? Stage.ABSENT : Stage.DISABLED;
            };
            Request request = switch (next) {
                case ABSENT -> Request.delete("/plugins/" + name + "?force=1");
                case ENABLED -> Request.post("/plugins/" + name + "/enable?timeout=60");
                case DISABLED -> stages[plugin] == Stage.ENABLED
                        ? Request.post("/plugins/" + name + "/disable")
                        : Request.tar("/plugins/create?name=" + name, SampleVersions.context("v0"));
            };
            Answer answer = host.client().send(request);
            history.add(request.method() + " " + request.target() + ": " + answer.status());
            if (answer.isDone()) {
                stages[plugin] = next;
                enough.countDown();
            } else {
                stages[plugin] = Stage.values()[chance.nextInt(Stage.values().length)];
            }
        }

        private enum Stage {
            ABSENT, DISABLED, ENABLED
        }
    }
}
