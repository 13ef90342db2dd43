package dev.patchbay.engine;

import static dev.patchbay.engine.Lives.GENERATION;
import static dev.patchbay.engine.Lives.NOW;
import static dev.patchbay.engine.Lives.PLUGIN;
import static dev.patchbay.engine.Row.KILLED;
import static dev.patchbay.engine.Row.TIMEOUT;
import static dev.patchbay.engine.Row.WORDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.engine.Decision.Accepted;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.BackingOff;
import dev.patchbay.engine.PluginState.Ending;
import dev.patchbay.engine.PluginState.Left;
import dev.patchbay.engine.PluginState.Removing;
import dev.patchbay.engine.PluginState.Restoring;
import dev.patchbay.engine.PluginState.Running;
import dev.patchbay.engine.PluginState.Starting;
import dev.patchbay.engine.PluginState.Stopped;
import dev.patchbay.engine.PluginState.Stuck;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.reference.Digest;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EvolutionTest {
    private static final Instant LATER = NOW.plusSeconds(7);
    private static final Holder HOLDER = Holder.durable("one", "volume db");
    private static final Holders HOLDERS = Holders.of(List.of(HOLDER));
    private static final Life IDLE = Lives.unwanted();
    private static final Life WANTED = Lives.wanted();
    private static final Life DOUBTFUL = WANTED
            .because("plugin sample:latest was taken over as it ran; it could not have been started: x");
    private static final Refusal WHY = new Refusal.Storage("no luck");
    private static final Settings CHANGED = new Settings(List.of(), List.of(), List.of("DEBUG=1"), List.of());

    private static final PluginRecord NEXT = Versions.record(Versions.delivery(2), CHANGED);
    private static final Digest MANIFEST = Versions.digest("manifest");

    private record Happened(Fact fact, Instant at) {}

    static Stream<Arguments> facts() {
        var fallen = WANTED.ended(KILLED, WORDS);
        return Stream.of(
                arguments("a start by its user does not make it wanted", new Stopped(IDLE),
                        start(Cause.ENABLE),
                        new Starting(IDLE.started(5, 0).since(LATER), Cause.ENABLE, TIMEOUT)),
                arguments("a restart is counted", new BackingOff(WANTED.started(GENERATION, 2), NOW),
                        start(Cause.RESTART),
                        new Starting(WANTED.started(5, 3).since(LATER), Cause.RESTART, TIMEOUT)),
                arguments("a restore begins to count anew", new Stopped(WANTED.started(GENERATION, 2)),
                        start(Cause.RESTORE),
                        new Starting(WANTED.started(5, 0).since(LATER), Cause.RESTORE, TIMEOUT)),
                arguments("taken over: nothing has changed but who cares for it",
                        new Restoring(WANTED.started(GENERATION, 2).because("x"), 3, Optional.of(NOW)),
                        new Fact.TakenOver(PLUGIN, GENERATION + 1, TIMEOUT, Optional.empty()),
                        new Starting(WANTED.started(GENERATION + 1, 2), Cause.TAKE_OVER, TIMEOUT)),
                arguments("taken over, though it could not be started now: that is remembered",
                        new Restoring(WANTED),
                        new Fact.TakenOver(PLUGIN, GENERATION, TIMEOUT, Optional.of("x")),
                        new Starting(DOUBTFUL, Cause.TAKE_OVER, TIMEOUT)),
                arguments("and still is when it accepts connections",
                        new Starting(DOUBTFUL, Cause.TAKE_OVER, TIMEOUT),
                        new Fact.Recovered(PLUGIN, GENERATION), new Running(DOUBTFUL)),
                arguments("taken over and dialled: it has run all the time",
                        new Starting(WANTED.started(GENERATION, 2), Cause.TAKE_OVER, TIMEOUT),
                        new Fact.Recovered(PLUGIN, GENERATION), new Running(WANTED.started(GENERATION, 2))),
                arguments("what could not be restored says why and when it is tried again",
                        new Restoring(WANTED),
                        new Fact.RestoreFailed(PLUGIN, GENERATION, 1, Duration.ofMillis(90), "x"),
                        new Restoring(WANTED.because("x"), 1, Optional.of(LATER.plusMillis(90)))),
                arguments("ended while nobody looked: as any crash, and its number counts",
                        new Restoring(WANTED.started(GENERATION, 2)),
                        new Fact.Crashed(PLUGIN, GENERATION + 1, KILLED, WORDS),
                        new Ending(fallen.started(GENERATION + 1, 2)
                                .because("it was killed by signal 9 (out of memory)")
                                .since(LATER), Next.RETRY, Optional.empty())),
                arguments("outdated says why it is stopped", new Restoring(WANTED),
                        new Fact.StopRequested(PLUGIN, GENERATION + 1, Next.RENEW),
                        new Ending(WANTED.started(GENERATION + 1, 0)
                                .because("it runs with another bundle than it would be started with now")
                                .since(LATER), Next.RENEW, Optional.empty())),
                arguments("a number that was not known of counts",
                        new Ending(IDLE, Next.REST, Optional.of(WHY)),
                        new Fact.GenerationSeen(PLUGIN, GENERATION + 1),
                        new Ending(IDLE.started(GENERATION + 1, 0), Next.REST, Optional.of(WHY))),
                arguments("left alone: as it was", new Running(WANTED),
                        new Fact.LeftAlone(PLUGIN, GENERATION), new Left(new Running(WANTED))),
                arguments("enabled: wanted, and what was wrong is forgotten",
                        new Starting(IDLE.because("x"), Cause.ENABLE, TIMEOUT),
                        new Fact.Enabled(PLUGIN, GENERATION), new Running(WANTED.since(LATER))),
                arguments("recovered: what was wrong is forgotten, how it ended is not",
                        new Starting(fallen.because("x"), Cause.RESTART, TIMEOUT),
                        new Fact.Recovered(PLUGIN, GENERATION), new Running(fallen.since(LATER))),
                arguments("a start that its user waits for fails for good",
                        new Starting(IDLE, Cause.ENABLE, TIMEOUT),
                        new Fact.StartFailed(PLUGIN, GENERATION, WHY),
                        new Ending(IDLE.because("no luck").since(LATER), Next.REST, Optional.of(WHY))),
                arguments("any other start that fails is tried again",
                        new Starting(WANTED, Cause.RESTORE, TIMEOUT),
                        new Fact.StartFailed(PLUGIN, GENERATION, WHY),
                        new Ending(WANTED.because("no luck").since(LATER), Next.RETRY, Optional.empty())),
                arguments("a crash is tried again", new Running(WANTED),
                        new Fact.Crashed(PLUGIN, GENERATION, KILLED, WORDS),
                        new Ending(fallen.because("it was killed by signal 9 (out of memory)").since(LATER),
                                Next.RETRY, Optional.empty())),
                arguments("a stop forgets whom it failed", new Ending(IDLE, Next.RETRY, Optional.of(WHY)),
                        new Fact.StopRequested(PLUGIN, GENERATION, Next.HALT),
                        new Ending(IDLE.since(LATER), Next.HALT, Optional.empty())),
                arguments("an exit leaves it where it is", new Ending(WANTED, Next.REST, Optional.of(WHY)),
                        new Fact.Exited(PLUGIN, GENERATION, KILLED, WORDS),
                        new Ending(fallen, Next.REST, Optional.of(WHY))),
                arguments("a stop remembers whom it cuts off", new Running(IDLE),
                        new Fact.StopRequested(PLUGIN, GENERATION, Next.REST, HOLDERS),
                        new Ending(IDLE.since(LATER), Next.REST, Optional.empty(), HOLDERS)),
                arguments("and does so over an exit",
                        new Ending(WANTED, Next.REST, Optional.empty(), HOLDERS),
                        new Fact.Exited(PLUGIN, GENERATION, KILLED, WORDS),
                        new Ending(fallen, Next.REST, Optional.empty(), HOLDERS)),
                arguments("switched off leaves it where it is", new Running(WANTED),
                        new Fact.SwitchedOff(PLUGIN), new Running(IDLE)),
                arguments("disabled: nothing is wrong",
                        new Ending(IDLE.because("x"), Next.REST, Optional.empty()),
                        new Fact.Disabled(PLUGIN, GENERATION), new Stopped(IDLE.since(LATER))),
                arguments("at rest: why is still shown",
                        new Ending(IDLE.because("x"), Next.REST, Optional.empty()),
                        new Fact.CameToRest(PLUGIN, GENERATION), new Stopped(IDLE.because("x").since(LATER))),
                arguments("stuck says why", new Ending(IDLE, Next.REST, Optional.empty()),
                        new Fact.StopFailed(PLUGIN, GENERATION, "it lives"),
                        new Stuck(IDLE.because("it lives").since(LATER))),
                arguments("a planned restart says when", new Ending(WANTED, Next.RETRY, Optional.empty()),
                        new Fact.RestartScheduled(PLUGIN, GENERATION, 2, Duration.ofMillis(90),
                                Optional.of("it fell")),
                        new BackingOff(WANTED.because("it fell").since(LATER), LATER.plusMillis(90))),
                arguments("healthy again: the count begins anew", new Running(WANTED.started(GENERATION, 3)),
                        new Fact.Stabilized(PLUGIN, GENERATION), new Running(WANTED)),
                arguments("upgraded: the version until now is the previous one", new Stopped(IDLE),
                        new Fact.Upgraded(PLUGIN, Versions.delivery(2).staged(), NEXT, "from", List.of("X")),
                        new Stopped(IDLE.exchanged(NEXT))),
                arguments("rolled back: the two are exchanged", new Stopped(IDLE.exchanged(NEXT)),
                        new Fact.RolledBack(PLUGIN, IDLE.record(), "from"),
                        new Stopped(Life.found(IDLE.record(), Optional.of(NEXT), GENERATION, NOW))),
                arguments("a manifest is recorded wherever it is", new Running(WANTED),
                        new Fact.ManifestRecorded(PLUGIN, MANIFEST),
                        new Running(WANTED.with(WANTED.record().withManifest(MANIFEST)))),
                arguments("a push changes nothing", new Running(WANTED),
                        new Fact.Pushed(PLUGIN, "x", MANIFEST), new Running(WANTED)),
                arguments("held", new Running(WANTED), new Fact.Held(PLUGIN, HOLDER),
                        new Running(WANTED.heldBy(HOLDERS))),
                arguments("held twice is held once", new Running(WANTED.heldBy(HOLDERS)),
                        new Fact.HeldDurably(PLUGIN, HOLDER), new Running(WANTED.heldBy(HOLDERS))),
                arguments("let go", new BackingOff(WANTED.heldBy(HOLDERS), LATER),
                        new Fact.Released(PLUGIN, HOLDER.id()), new BackingOff(WANTED, LATER)),
                arguments("let go twice is let go once", new Running(WANTED),
                        new Fact.ReleasedDurably(PLUGIN, HOLDER.id()), new Running(WANTED)),
                arguments("who holds it is cut off when it is not wanted any more",
                        new Running(WANTED.heldBy(HOLDERS)), new Fact.SwitchedOff(PLUGIN),
                        new Running(IDLE)),
                arguments("who holds it holds it over the end of the engine",
                        new Running(WANTED.heldBy(HOLDERS)),
                        new Fact.LeftAlone(PLUGIN, GENERATION),
                        new PluginState.Left(new Running(WANTED.heldBy(HOLDERS)))),
                arguments("who holds it is cut off when it is removed", new Stopped(WANTED.heldBy(HOLDERS)),
                        new Fact.Removed(PLUGIN, HOLDERS), new Removing(WANTED.since(LATER), HOLDERS)),
                arguments("removed", new Stopped(IDLE), new Fact.Removed(PLUGIN),
                        new Removing(IDLE.since(LATER))),
                arguments("forgotten", new Removing(IDLE), new Fact.Forgotten(PLUGIN),
                        new Removing(IDLE.since(LATER))));
    }

    private static Fact start(Cause cause) {
        return new Fact.StartRequested(PLUGIN, GENERATION + 1, cause, TIMEOUT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("facts")
    void folds(String meaning, PluginState state, Fact fact, PluginState expected) {
        assertThat(Evolution.apply(state, fact, LATER)).as(meaning).isEqualTo(expected);
    }

    static Stream<PluginState> states() {
        return PluginLifecycleTest.rows().map(Row::state).distinct();
    }

    @ParameterizedTest
    @MethodSource("states")
    void changesSettingsInAnyStateAndNothingElse(PluginState state) {
        var plugin = state.life().record().plugin().withSettings(CHANGED);
        var after = Evolution.apply(state, new Fact.SettingsChanged(PLUGIN, CHANGED), LATER);
        assertThat(after).hasSameClassAs(state);
        assertThat(after.life()).isEqualTo(state.life().with(state.life().record().withPlugin(plugin)));
    }

    @ParameterizedTest
    @MethodSource("states")
    void changesLimitsInAnyStateAndNothingElse(PluginState state) {
        var after = Evolution.apply(state, new Fact.LimitsChanged(PLUGIN, Row.LIMITS), LATER);
        assertThat(after).hasSameClassAs(state);
        assertThat(after.life()).isEqualTo(state.life().limitedBy(Row.LIMITS));
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void replayingTheFactsOfALifeGivesTheSameState(long seed) {
        var random = new SplittableRandom(seed);
        PluginState first = random.nextBoolean() ? new Restoring(WANTED) : new Stopped(IDLE);
        PluginState live = first;
        List<Happened> history = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            Instant at = NOW.plusMillis(step);
            var commands = commands(live.life().generation());
            var decision = PluginLifecycle.decide(live, commands.get(random.nextInt(commands.size())));
            if (decision instanceof Accepted accepted) {
                for (Fact fact : accepted.facts()) {
                    history.add(new Happened(fact, at));
                    live = Evolution.apply(live, fact, at);
                }
            }
        }
        assertThat(history).isNotEmpty();
        PluginState replayed = first;
        for (Happened happened : history) {
            replayed = Evolution.apply(replayed, happened.fact(), happened.at());
        }
        assertThat(replayed).as("seed " + seed).isEqualTo(live);
        assertThat(live.life().generation()).isEqualTo(GENERATION + starts(history));
    }

    private static long starts(List<Happened> history) {
        return history.stream().map(Happened::fact).filter(Fact.StartRequested.class::isInstance).count();
    }

    private static List<Command> commands(int generation) {
        return List.of(Row.SET, Row.ENABLE, Row.ENABLE, Row.DISABLE, Row.FORCED_DISABLE, Row.HALT,
                Row.RESTORE, Row.NOTHING_FOUND, Row.foundRunning(generation, true),
                Row.foundRunning(generation, false), Row.foundEnded(generation), Row.NOT_FOUND, Row.LEFT_OVER,
                new Command.Upgrade(PLUGIN, Versions.delivery(generation)), new Command.RollBack(PLUGIN),
                Row.started(generation), Row.ready(generation), Row.notStarted(generation),
                Row.exited(generation), Row.stopped(generation), Row.notStopped(generation),
                Row.fired(generation, Timer.RETRY), Row.fired(generation, Timer.STABLE),
                Row.fired(generation, Timer.START_TIMEOUT), Row.notStored(Row.ready(generation)));
    }

    @Test
    void everyFactHasARow() {
        var seen = new HashSet<Class<?>>(facts().map(row -> (Class<?>) row.get()[2].getClass()).toList());
        seen.add(Fact.SettingsChanged.class);
        seen.add(Fact.LimitsChanged.class);
        assertThat(seen).isEqualTo(PluginLifecycleTest.leaves(Fact.class));
    }
}
