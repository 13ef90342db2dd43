package dev.patchbay.engine;

import dev.patchbay.PluginSnapshot;
import dev.patchbay.PluginView;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.FactEvents.News;
import dev.patchbay.event.Actor;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Happening;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What the world sees of the state thread's work: the snapshot, events, one log line for each. Written on the state
 * thread only; the snapshot is read on any.
 *
 * <p>What {@link #show} changes is seen from the next {@link #tell} on, together with how many facts led
 * to it, and before anybody hears of those: who hears of an event finds it done, and who takes a snapshot knows which
 * events it shows.
 */
final class Chronicle {
    private static final Logger LOG = LoggerFactory.getLogger("dev.patchbay.plugins");

    private final EventRecorder recorder;
    private final PluginLimits limits;
    private final Tally tally;
    private volatile Shown shown = new Shown(Snapshot.EMPTY, 0);
    private Snapshot next = Snapshot.EMPTY; // state thread only
    private Consumer<PluginId> changed = _ -> {};

    /** A snapshot, and the number of the newest fact in it. */
    private record Shown(Snapshot snapshot, long facts) {}

    /**
     * Shows nothing yet.
     *
     * @param limits of plugins that were given none of their own
     * @param tally counts what happens
     */
    Chronicle(EventRecorder recorder, PluginLimits limits, Tally tally) {
        this.tally = tally;
        this.recorder = recorder;
        this.limits = limits;
    }

    /** Tells somebody on the state thread, who must be quick, of each plugin that changed, when that is shown. Once, before all. */
    void whenChanged(Consumer<PluginId> listener) {
        changed = listener;
    }

    Snapshot snapshot() {
        return shown.snapshot();
    }

    /** The snapshot with its place in the stream. */
    Mono<PluginSnapshot> place() {
        return Mono.defer(() -> {
            Shown now = shown;
            return recorder.place(now.facts())
                    .mapNotNull(place -> place
                            .map(asOf -> new PluginSnapshot(asOf, now.snapshot().list(PluginFilter.ALL)))
                            .orElse(null));
        }).repeatWhenEmpty(rounds -> rounds); // only if an epoch ended meanwhile: it shows what came later then
    }

    /** Answers an asker once everything that happened so far can be read. */
    void reply(Reply reply, Outcome outcome) {
        recorder.afterwards(() -> reply.give(outcome));
    }

    /** Shows a plugin as it is, until it is being removed. */
    void show(PluginState state) {
        next = state instanceof PluginState.Removing
                ? next.find(state.life().id()).map(next::without).orElse(next)
                : next.with(Views.of(state, limits), state.life().record());
    }

    /** What will be seen of a plugin from the next {@link #tell} on. */
    Optional<PluginView> next(PluginId plugin) {
        return next.find(plugin);
    }

    /** Shows what there was before anything happened to it. */
    void found(PluginState state) {
        show(state);
        publish(List.of());
    }

    /** A folder that no plugin can be read from. @return whether that is news */
    boolean tellUnreadable(PluginId folder, String why) {
        boolean news = !why.equals(next.unreadable().get(folder.hex()));
        next = next.unreadable(folder, why);
        publish(List.of());
        return news;
    }

    /** It can be read. */
    void readable(PluginId folder) {
        next = next.readable(folder);
        publish(List.of());
    }

    /** Tells of a change, and runs something in between: when it can be seen, and nobody has heard of it. */
    void tell(List<Fact> facts, Life life, Instant at, Actor actor, Runnable whenShown) {
        facts.forEach(tally::happened);
        publish(facts.stream()
                .flatMap(fact -> FactEvents.of(fact, life.generation()).stream())
                .map(news -> of(life, news, at, actor))
                .toList(), whenShown);
        changed.accept(life.id());
    }

    void tellInstalled(Life life, Delivery delivery, Instant at, Actor actor) {
        News news = switch (delivery.origin()) {
            case Delivery.Origin.Local() -> new News(EventType.CREATE, 0, Map.of());
            case Delivery.Origin.Remote(Reference reference) -> new News(EventType.PULL, 0, Map.of(
                    "reference", reference.full(),
                    "digest", delivery.staged().manifestDigest().toString()));
        };
        publish(List.of(of(life, news, at, actor)));
    }

    /** Tells what is no change of a plugin's state. */
    void note(Letter.Noted noted, Instant at) {
        PluginView view = noted.plugin().flatMap(next::find).orElse(null);
        publish(List.of(new Happening(at, noted.type(), noted.plugin(), noted.name(),
                view == null ? List.of() : view.plugin().config().api().types().items(),
                view == null ? 0 : view.status().generation(),
                noted.actor(), noted.attributes())));
        reply(noted.reply(), new Outcome.Done());
    }

    /** Tells that the engine is there, and of which version, unless it is run from classes. */
    void noteStart(Instant at) {
        Map<String, String> version = Optional
                .ofNullable(Chronicle.class.getPackage().getImplementationVersion())
                .map(it -> Map.of("version", it))
                .orElse(Map.of());
        note(Letter.Noted.ofEngine(EventType.ENGINE_STARTED, version), at);
    }

    private static Happening of(Life life, News news, Instant at, Actor actor) {
        return new Happening(at, news.type(), Optional.of(life.id()), life.name(),
                life.record().plugin().config().api().types().items(), news.generation(), actor,
                news.attributes());
    }

    private void publish(List<Happening> happenings) {
        publish(happenings, () -> {});
    }

    private void publish(List<Happening> happenings, Runnable whenShown) {
        happenings.forEach(Chronicle::log);
        recorder.tell(happenings, count -> {
            shown = new Shown(next, count);
            whenShown.run();
        });
    }

    private static void log(Happening it) {
        String whose = it.plugin()
                .map(id -> " plugin=" + it.name() + " id=" + id.shortHex() + " generation=" + it.generation())
                .orElse("");
        String more = it.attributes().isEmpty() ? "" : " " + it.attributes();
        LOG.info("{}{}{} request={}", it.type().wireName(), whose, more,
                it.actor().requestId().isEmpty() ? "none" : it.actor().requestId());
    }
}
