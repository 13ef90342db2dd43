package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A recorder with its journal, and clients that come, stall and go, while it is trimmed, fails, hangs, is closed and
 * killed: all as one seed decides. Whatever anybody hears is checked as it is heard.
 */
final class EventStreamModel {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(60);
    private static final List<PluginId> PLUGINS = IntStream.range(0, 3)
            .mapToObj(i -> new PluginId(("" + (char) ('a' + i)).repeat(64)))
            .toList();
    private static final List<EventType> TYPES = List.of(EventType.ENABLE, EventType.DISABLE, EventType.SET,
            EventType.START);
    private static final List<EventFilter> FILTERS = List.of(
            EventFilter.ALL,
            EventFilter.types(EventType.CRASH),
            EventFilter.of(Set.of(), List.of("p1"), List.of()),
            EventFilter.of(Set.of(EventType.ENABLE, EventType.DISABLE), List.of("a".repeat(12)), List.of()),
            EventFilter.of(Set.of(), List.of(), List.of("volumedriver")));

    /** What may happen besides. */
    enum Trouble {
        /** Only clients. */
        NONE,
        /** The journal is trimmed too. */
        TRIMS,
        /** And it fails and hangs. */
        FAILURES
    }

    private final Random chance;
    private final Trouble trouble;
    private final Turns turns;
    private final ModelDisk disk;
    private final Told told = new Told();
    private final List<ModelClient> clients = new ArrayList<>();
    private final List<Cursor> places = new ArrayList<>();
    private final int kept;
    private @Nullable EventRecorder recorder;
    private long happened;
    private long acknowledged;
    private int named;
    private int gaps;

    EventStreamModel(long seed, Trouble trouble) {
        this.chance = new Random(seed);
        this.trouble = trouble;
        this.turns = new Turns(chance);
        this.disk = new ModelDisk(chance);
        this.kept = 1 + chance.nextInt(12);
        open();
    }

    private EventRecorder recorder() {
        return Objects.requireNonNull(recorder);
    }

    private void open() {
        disk.hanging = false;
        var setup = new RecorderSetup(
                new RecorderSetup.Threads(turns.scheduler(), turns.scheduler(), turns.scheduler()), chance,
                PATIENCE, PAUSE, kept);
        var opened = new ArrayList<EventRecorder>();
        var _ = EventRecorder.open(new ModelJournal(disk, turns.scheduler()), setup)
                .subscribe(opened::add);
        turns.settle();
        recorder = opened.getFirst();
        disk.events.stream()
                .filter(event -> !told.knows(event.cursor()) || chance.nextInt(16) == 0)
                .forEach(event -> told.find(event.event()));
        happened = 0;
        acknowledged = 0;
        recorder().log()
                .live(EventFilter.ALL)
                .subscribe(
                        live -> {
                            told.add(live.event().event());
                            assertThat(recorder().log().bounds().newest()).isEqualTo(live.event().cursor());
                        },
                        e -> told.fail(new AssertionError("the bus", e)));
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            act();
            int tasks = chance.nextInt(6);
            for (int i = 0; i < tasks; i++) {
                turns.step();
            }
            told.check();
        }
    }

    private void act() {
        int dice = chance.nextInt(100);
        if (dice < 40) {
            happen(1 + chance.nextInt(3));
        } else if (dice < 43) {
            happen(40);
        } else if (dice < 55) {
            subscribe();
        } else if (dice < 75) {
            someClient().ifPresent(client -> client.request(1 + chance.nextInt(4)));
        } else if (dice < 80) {
            someClient().ifPresent(this::vanish);
        } else if (dice < 84) {
            turns.settle();
        } else if (dice < 86) {
            if (trouble == Trouble.NONE) {
                turns.settle(); // a journal whose thread does not run for that long counts as one that hangs
            }
            turns.pass(Duration.ofSeconds(1 + chance.nextInt(20)).toNanos());
        } else if (dice < 88) {
            restart(chance.nextBoolean());
        } else if (dice < 93 && trouble != Trouble.NONE) {
            disk.trim(1 + chance.nextInt(20));
        } else if (dice < 97 && trouble == Trouble.FAILURES) {
            disk.failing = !disk.failing && chance.nextInt(3) == 0;
            disk.hanging = !disk.failing && chance.nextInt(4) == 0;
        }
    }

    private void happen(int count) {
        var what = IntStream.range(0, count).mapToObj(_ -> happening()).toList();
        recorder().tell(what, now -> happened = now);
        long upTo = happened;
        EventRecorder teller = recorder();
        teller.afterwards(() -> {
            assertThat(upTo).as("replies in their order").isGreaterThanOrEqualTo(acknowledged);
            acknowledged = upTo;
            teller.place(upTo)
                    .subscribe(
                            place -> place.ifPresent(cursor -> assertThat(told.head(cursor.epoch()))
                                    .as("what is acknowledged is told")
                                    .isGreaterThanOrEqualTo(cursor.seq())));
        });
    }

    private Happening happening() {
        int plugin = chance.nextInt(PLUGINS.size());
        EventType type = TYPES.get(chance.nextInt(TYPES.size()));
        Instant time = Instant.ofEpochSecond(told.head(disk.epoch) + chance.nextInt(5));
        if (chance.nextInt(10) == 0) {
            return Happening.ofEngine(time, EventType.COLLECT, Actor.ENGINE, Map.of("blobs", "1"));
        }
        List<InterfaceType> types = plugin == 0 ? List.of(InterfaceType.docker("volumedriver")) : List.of();
        return new Happening(time, chance.nextInt(5) == 0 ? EventType.CRASH : type,
                Optional.of(PLUGINS.get(plugin)), "p" + plugin + ":latest", types, 1,
                Actor.caller("r" + plugin), Map.of("k", "v" + chance.nextInt(9)));
    }

    private void subscribe() {
        From from = switch (chance.nextInt(4)) {
            case 0 -> new From.Now();
            case 1 -> new From.Oldest();
            case 2 -> new From.Since(Instant.ofEpochSecond(chance.nextInt(100)));
            default -> places.isEmpty()
                    ? new From.Oldest()
                    : new From.At(places.get(chance.nextInt(places.size())));
        };
        var asked = new Subscription(from, FILTERS.get(chance.nextInt(FILTERS.size())),
                chance.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(3)));
        var client = new ModelClient("client " + ++named, asked, told);
        clients.add(client);
        recorder().view(asked, new EventView.Sizes(1 + chance.nextInt(10), 1 + chance.nextInt(7)))
                .subscribe(client);
        if (chance.nextInt(3) == 0) {
            client.request(Long.MAX_VALUE);
        }
    }

    private Optional<ModelClient> someClient() {
        return clients.isEmpty()
                ? Optional.empty()
                : Optional.of(clients.get(chance.nextInt(clients.size())));
    }

    /** It goes, and may come back to where it was. */
    private void vanish(ModelClient client) {
        client.cancel();
        forget(client);
        clients.remove(client);
    }

    private void forget(ModelClient client) {
        client.place().ifPresent(places::add);
        gaps += client.gaps;
    }

    private void restart(boolean well) {
        if (well) {
            close();
        }
        turns.kill();
        clients.forEach(this::forget);
        clients.clear();
        disk.failing = false;
        open();
    }

    private void close() {
        var closed = new ArrayList<String>();
        var _ = recorder().close()
                .subscribe(_ -> {}, e -> closed.add(e.toString()), () -> closed.add("well"));
        turns.settle();
        turns.pass(PATIENCE.toNanos() * 2);
        assertThat(closed).containsExactly("well");
        assertThat(acknowledged).as("all is written before it is closed").isEqualTo(happened);
    }

    /** All troubles end: everybody catches up. */
    void finish() {
        disk.failing = false;
        disk.hanging = false;
        turns.pass(PATIENCE.plus(PAUSE).multipliedBy(3).toNanos());
        turns.settle();
        happen(1);
        clients.forEach(client -> client.request(Long.MAX_VALUE));
        turns.settle();
        turns.pass(PATIENCE.toNanos() * 2);
        told.check();
        assertThat(recorder().problem()).isEmpty();
        Cursor head = recorder().log().bounds().newest();
        assertThat(told.head(head.epoch())).isEqualTo(head.seq());
        assertThat(clients).allSatisfy(client -> assertThat(client.isAt(head)).as("%s", client).isTrue());
        clients.forEach(this::forget);
        if (trouble == Trouble.NONE) {
            assertThat(gaps).isZero();
        }
        close();
        told.check();
        assertThat(clients).allSatisfy(client -> assertThat(client.ended).as("%s", client).isTrue());
    }

    int gaps() {
        return gaps;
    }
}
