package dev.patchbay.engine;

import static dev.patchbay.engine.Lives.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.FactEvents.News;
import dev.patchbay.event.EventType;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FactEventsTest {
    private static final Holder HOLDER = Holder.durable("one", "volume db");
    private static final Holders HOLDERS = Holders.of(List.of(HOLDER));
    private static final String CUT_OFF = "[{\"id\":\"one\",\"label\":\"volume db\",\"durable\":true}]";
    private static final int NOW = 9;
    private static final int THEN = 5;
    private static final PluginRecord VERSION = Versions.record(Versions.delivery(2),
            new Settings(List.of(), List.of(), List.of("SECRET=1"), List.of()));

    static Stream<Arguments> news() {
        return Stream.of(
                arguments(new Fact.SettingsChanged(PLUGIN, Lives.unwanted().record().plugin().settings()),
                        EventType.SET, NOW, Map.of()),
                arguments(new Fact.Enabled(PLUGIN, THEN), EventType.ENABLE, THEN, Map.of()),
                arguments(new Fact.Recovered(PLUGIN, THEN), EventType.RECOVER, THEN, Map.of()),
                arguments(new Fact.Disabled(PLUGIN, THEN), EventType.DISABLE, THEN, Map.of()),
                arguments(new Fact.Removed(PLUGIN), EventType.REMOVE, NOW, Map.of()),
                arguments(new Fact.Removed(PLUGIN, HOLDERS), EventType.REMOVE, NOW,
                        Map.of("cutOff", "volume db", "cutOffHolders", CUT_OFF)),
                arguments(new Fact.StopRequested(PLUGIN, THEN, Fact.Next.REST, HOLDERS), EventType.STOP, THEN,
                        Map.of("cause", "disable", "cutOff", "volume db", "cutOffHolders", CUT_OFF)),
                arguments(new Fact.Stabilized(PLUGIN, THEN), EventType.STABLE, THEN, Map.of()),
                arguments(
                        new Fact.Upgraded(PLUGIN, Versions.delivery(2).staged(), VERSION, "from", List.of()),
                        EventType.UPGRADE, NOW, version()),
                arguments(new Fact.Upgraded(PLUGIN, Versions.delivery(2).staged(), VERSION, "from",
                        List.of("DEBUG", "LEVEL")), EventType.UPGRADE, NOW, dropping()),
                arguments(new Fact.RolledBack(PLUGIN, VERSION, "from"), EventType.ROLLBACK, NOW, version()),
                arguments(new Fact.Pushed(PLUGIN, "to", Versions.digest("m")), EventType.PUSH, NOW,
                        Map.of("reference", "to", "digest", Versions.digest("m").toString())),
                start(Cause.ENABLE, "enable"),
                start(Cause.RESTART, "restart"),
                start(Cause.RESTORE, "restore"),
                arguments(new Fact.StartFailed(PLUGIN, THEN, new Refusal.Storage("disk full")),
                        EventType.START_FAILED, THEN, Map.of("reason", "disk full")),
                arguments(new Fact.RestoreFailed(PLUGIN, THEN, 2, Duration.ofMillis(90), "why"),
                        EventType.RESTORE_FAILED, THEN,
                        Map.of("reason", "why", "attempt", "2", "delayMs", "90")),
                arguments(new Fact.Exited(PLUGIN, THEN, new ExitStatus.Exited(0), List.of("secret words")),
                        EventType.EXIT, THEN, Map.of("exitCode", "0")),
                crash(new ExitStatus.Exited(3), Map.of("exitCode", "3")),
                crash(new ExitStatus.Signaled(9, true), Map.of("signal", "9", "oom", "true")),
                crash(new ExitStatus.Unknown("lost"), Map.of("reason", "lost")),
                stop(Next.REST, "disable"),
                stop(Next.RETRY, "restart"),
                stop(Next.RENEW, "renew"),
                stop(Next.REMOVE, "remove"),
                stop(Next.HALT, "shutdown"),
                arguments(new Fact.StopFailed(PLUGIN, THEN, "it lives"), EventType.STOP_FAILED, THEN,
                        Map.of("reason", "it lives")),
                arguments(new Fact.RestartScheduled(PLUGIN, THEN, 2, Duration.ofMillis(90), Optional.of("x")),
                        EventType.BACKOFF, THEN, Map.of("attempt", "2", "delayMs", "90")));
    }

    private static Map<String, String> version() {
        return Map.of("reference", Versions.FROM, "digest", Versions.digest("manifest2").toString(), "from",
                "from");
    }

    private static Map<String, String> dropping() {
        var attributes = new HashMap<>(version());
        attributes.put("settingsDropped", "DEBUG,LEVEL");
        return attributes;
    }

    private static Arguments start(Cause cause, String word) {
        return arguments(new Fact.StartRequested(PLUGIN, THEN, cause, Duration.ofSeconds(1)), EventType.START,
                THEN,
                Map.of("cause", word));
    }

    private static Arguments crash(ExitStatus exit, Map<String, String> attributes) {
        return arguments(new Fact.Crashed(PLUGIN, THEN, exit, List.of("secret words")), EventType.CRASH, THEN,
                attributes);
    }

    private static Arguments stop(Next next, String word) {
        return arguments(new Fact.StopRequested(PLUGIN, THEN, next), EventType.STOP, THEN,
                Map.of("cause", word));
    }

    @ParameterizedTest
    @MethodSource("news")
    void tells(Fact fact, EventType type, int generation, Map<String, String> attributes) {
        assertThat(FactEvents.of(fact, NOW)).contains(new News(type, generation, attributes));
    }

    @Test
    void aCrashIsAnExitFirst() {
        var exit = new ExitStatus.Signaled(9, true);
        assertThat(FactEvents.of(new Fact.Crashed(PLUGIN, THEN, exit, List.of()), NOW))
                .extracting(News::type)
                .containsExactly(EventType.EXIT, EventType.CRASH);
    }

    @Test
    void keepsDetailsOfOtherFactsToItself() {
        assertThat(Stream.<Fact>of(new Fact.SwitchedOff(PLUGIN), new Fact.CameToRest(PLUGIN, THEN),
                new Fact.Forgotten(PLUGIN), new Fact.GenerationSeen(PLUGIN, THEN),
                new Fact.TakenOver(PLUGIN, THEN, Duration.ofSeconds(1), Optional.empty()),
                new Fact.LeftAlone(PLUGIN, THEN),
                new Fact.Held(PLUGIN, HOLDER), new Fact.HeldDurably(PLUGIN, HOLDER),
                new Fact.Released(PLUGIN, "one"), new Fact.ReleasedDurably(PLUGIN, "one"),
                new Fact.ManifestRecorded(PLUGIN, Versions.digest("m"))))
                .allSatisfy(fact -> assertThat(FactEvents.of(fact, NOW)).isEmpty());
    }

    @Test
    void everyEventButThoseOfNewPluginsComesFromAFact() {
        var told = news().map(row -> row.get()[1]).collect(Collectors.toSet());
        assertThat(Stream.of(EventType.values()).filter(type -> !told.contains(type)))
                .containsExactlyInAnyOrder(EventType.CREATE, EventType.PULL, // told with the installation
                        EventType.PRIVILEGE_REFUSED, EventType.COLLECT,
                        EventType.ENGINE_STARTED, EventType.ENGINE_STOPPING, EventType.RESTORED,
                        // told by hosts
                        EventType.AUTHZ_BYPASSED, EventType.VOLUME_CREATE, EventType.VOLUME_MOUNT,
                        EventType.VOLUME_UNMOUNT, EventType.VOLUME_DESTROY, EventType.VOLUME_PRUNE);
    }
}
