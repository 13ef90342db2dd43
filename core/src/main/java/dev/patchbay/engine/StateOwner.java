package dev.patchbay.engine;

import dev.patchbay.engine.Command.Reported;
import dev.patchbay.engine.Decision.Accepted;
import dev.patchbay.engine.Decision.Asker;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Letter.Ask;
import dev.patchbay.engine.Slot.Pending;
import dev.patchbay.event.Actor;
import dev.patchbay.event.EventType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.StagedPlugin;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Sinks;

/**
 * The only writer of plugin state. Everything here runs on the state thread and never waits.
 *
 * <p>For each command, in this order: decide, store, apply, publish, run effects, answer. Invariants:
 *
 * <ol>
 *   <li>a fact that is {@link Fact.Durable} is applied only after the disk has taken it; meanwhile the plugin's letters
 *       are held, those of other plugins are not;
 *   <li>each asker is answered exactly once: at once, when its facts are stored, or, parked, by a later decision;
 *   <li>a rule that throws answers its asker, changes nothing, and the engine goes on.
 * </ol>
 */
final class StateOwner {
    private static final Logger LOG = LoggerFactory.getLogger(StateOwner.class);

    private final EngineConfig config;
    private final Effects effects;
    private final Chronicle chronicle;
    private final Clock clock;
    private final Map<PluginId, Slot> slots = new HashMap<>();
    private final Answers answers;
    private final Reservations reservations;
    private final FoundPlugins found;
    private final FirstRound round;
    private Sinks.@Nullable One<List<String>> closing;
    private int discarding;

    StateOwner(EngineConfig config, Effects effects, Chronicle chronicle, FirstRound round, Clock clock) {
        this.config = config;
        this.effects = effects;
        this.chronicle = chronicle;
        this.clock = clock;
        this.answers = new Answers(chronicle, this::discard);
        this.reservations = new Reservations(effects, this::discard, chronicle);
        this.round = round;
        this.found = new FoundPlugins(effects, chronicle, round, clock);
    }

    /** Takes charge of what was found on disk. Before the first letter only. */
    void adopt(Loaded loaded) {
        found.take(loaded).ifPresent(this::adopt);
    }

    /** Takes charge of a plugin. Before the first letter only. */
    void adopt(PluginState state) {
        slots.put(state.life().id(), new Slot(state));
        chronicle.found(state);
        round.found(Views.of(state));
    }

    /** What an operator should look at beside the plugins. Any thread. */
    List<String> notices() {
        return found.notices();
    }

    /** Handles one letter. Never throws: what goes wrong costs that letter only. */
    void handle(Letter letter) {
        try {
            dispatch(letter);
            finishClosing();
        } catch (RuntimeException e) {
            LOG.error("the state thread could not handle a {}; it goes on", letter.getClass().getSimpleName(),
                    e);
        }
    }

    private void dispatch(Letter letter) {
        switch (letter) {
            case Ask ask -> ask(ask);
            case Letter.Report(Reported news) -> report(news);
            case Letter.LeftOver(PluginId plugin) -> leftOver(plugin);
            case Letter.LogLeft(PluginId plugin) -> logLeft(plugin);
            case Letter.FindLeftOvers() -> found.roundHasBegun();
            case Letter.ReadAgain(PluginId plugin, var loaded) -> readAgain(plugin, loaded);
            case Letter.NotReadAgain(PluginId plugin, String reason) -> found.notReadAgain(plugin, reason);
            case Letter.ReadingOverdue(PluginId plugin) ->
                found.slow(plugin, "reading its folder takes longer than "
                        + Sentences.duration(config.limits().look()));
            case Letter.Stored(PluginId plugin, Optional<String> failure) -> stored(plugin, failure);
            case Letter.Overdue(PluginId plugin) -> overdue(plugin);
            case Letter.RuntimeSaved(PluginId plugin) -> runtimeSaved(plugin);
            case Letter.Reserve reserve when closing != null ->
                chronicle.reply(reserve.reply(), new Outcome.Failed(new Refusal.Closing()));
            case Letter.Reserve reserve -> reservations.reserve(reserve);
            case Letter.Install install when closing != null -> reservations.refuse(install);
            case Letter.Install install -> reservations.install(install).ifPresent(this::ask);
            case Letter.Release(Ticket ticket) -> reservations.release(ticket);
            case Letter.Installed(PluginId plugin, Optional<String> failure) -> installed(plugin, failure);
            case Letter.Discarded() -> discarded();
            case Letter.GarbageLeft() -> effects.collectGarbage();
            case Letter.CollectGarbage(boolean dryRun, var reply) -> effects.collectGarbage(dryRun, reply);
            case Letter.Noted noted -> chronicle.note(noted, clock.instant());
            case Letter.Close(var reply) -> close(reply);
        }
    }

    private void ask(Ask ask) {
        Slot slot = slots.get(ask.command().plugin());
        if (closing != null) {
            answers.refuse(ask, new Refusal.Closing());
        } else if (slot == null) {
            answers.refuse(ask, new Refusal.NotFound(ask.command().plugin().hex()));
        } else if (slot.storing == null) {
            consider(slot, ask.command(), Optional.of(ask));
            resume(slot);
        } else if (slot.overdue) {
            answers.give(ask, slot.diskIsStuck(config.limits().write()));
        } else if (isFull(slot)) {
            answers.give(ask, slot.tooMany());
        } else {
            slot.held.add(ask);
        }
    }

    private void report(Reported news) {
        Slot slot = slots.get(news.plugin());
        if (slot == null) {
            LOG.debug("late news of a plugin that is gone: {}", news);
        } else if (closing != null && news instanceof Command.Restore) {
            LOG.debug("not restored, the engine is closing: {}", slot.state.life().name());
        } else if (slot.storing == null) {
            consider(slot, news, Optional.empty());
            resume(slot);
        } else if (slot.means(news)) {
            slot.held.add(new Letter.Report(news));
        }
    }

    /** Decided here rather than by who found it: a plugin may be enabled, or installed, at this moment. */
    private void leftOver(PluginId plugin) {
        if (closing != null) {
            LOG.debug("left where it is, the engine is closing: {}", plugin);
        } else if (slots.containsKey(plugin)) {
            report(new Command.LeftOver(plugin));
        } else if (found.keeps(plugin)) {
            LOG.warn("what an earlier process left of {} stays as it is until its folder can be read",
                    plugin);
        } else {
            LOG.info("removing what an earlier process left of {}, which is no plugin", plugin);
            effects.sweep(plugin);
        }
    }

    /** A process that ended while it removed a plugin did not come to its log. */
    private void logLeft(PluginId plugin) {
        if (closing == null && !slots.containsKey(plugin) && !found.keeps(plugin)) {
            effects.forget(plugin);
        }
    }

    private void readAgain(PluginId plugin, Optional<Loaded> loaded) {
        if (closing != null) {
            return; // it is for the next one to find
        }
        found.readAgain(plugin, loaded).ifPresent(state -> {
            adopt(state);
            found.restore(plugin);
        });
    }

    private void consider(Slot slot, Command command, Optional<Ask> ask) {
        Decision decision;
        try {
            decision = PluginLifecycle.decide(slot.state, command);
        } catch (RuntimeException e) {
            answers.fault(command, ask, e);
            return;
        }
        switch (decision) {
            case Decision.Ignored _ -> LOG.debug("ignored in {}: {}", slot.state, command);
            case Decision.Refused(Refusal why) -> ask.ifPresent(a -> answers.refuse(a, why));
            case Decision.Wait _ -> ask.ifPresent(a -> makeWait(slot, a));
            case Accepted accepted -> carryOut(slot, accepted, command, ask);
        }
    }

    private void makeWait(Slot slot, Ask ask) {
        if (closing != null) {
            answers.refuse(ask, new Refusal.Closing()); // it was held when those who waited were told
        } else if (isFull(slot)) {
            answers.give(ask, slot.tooMany());
        } else {
            slot.waiting.add(ask);
        }
    }

    private void carryOut(Slot slot, Accepted accepted, Command command, Optional<Ask> ask) {
        PluginState next;
        try {
            next = evolve(slot.state, accepted);
        } catch (RuntimeException e) {
            answers.fault(command, ask, e);
            return;
        }
        var pending = new Pending(accepted, next, command, ask);
        if (accepted.durable().isEmpty()) {
            settle(slot, pending);
            return;
        }
        slot.storing = pending;
        effects.store(accepted.durable().getLast(), next.life());
    }

    private PluginState evolve(PluginState state, Accepted accepted) {
        Instant at = clock.instant();
        PluginState next = state;
        for (Fact fact : accepted.facts()) {
            next = Evolution.apply(next, fact, at);
        }
        return next;
    }

    private void stored(PluginId plugin, Optional<String> failure) {
        Slot slot = slots.get(plugin);
        Pending pending = slot == null ? null : slot.storing;
        if (slot == null || pending == null) {
            throw new IllegalStateException("nothing of plugin " + plugin + " was being stored");
        }
        slot.storing = null;
        slot.overdue = false;
        if (failure.isEmpty()) {
            settle(slot, pending);
        } else {
            LOG.warn("plugin {} could not be stored: {}", pending.next().life().name(), failure.get());
            pending.ask()
                    .ifPresent(ask -> answers.refuse(ask, new Refusal.Storage(failure.get())));
            consider(slot, new Command.NotStored(plugin, pending.command(), failure.get()), Optional.empty());
        }
        resume(slot);
    }

    /** What comes of the write is not guessed: it is applied when it is known, but nobody waits for that any more. */
    private void overdue(PluginId plugin) {
        var unknown = new Outcome.Failed(new Refusal.Storage("the disk has not answered for "
                + Sentences.duration(config.limits().write())
                + "; what was asked may still come into effect"));
        reservations.overdue(plugin, unknown);
        Slot slot = slots.get(plugin);
        if (slot == null) {
            return;
        }
        LOG.warn("the disk does not answer about plugin {}", slot.state.life().name());
        if (slot.storing != null) {
            slot.overdue = true;
            slot.storing.ask().ifPresent(ask -> chronicle.reply(ask.reply(), unknown));
            slot.storing = slot.storing.answered();
            answers.release(slot, unknown);
            slot.takeAsks().forEach(ask -> answers.give(ask, slot.diskIsStuck(config.limits().write())));
        } else if (slot.state instanceof PluginState.Removing) {
            slot.overdue = true;
            answers.release(slot, unknown);
        }
    }

    private void settle(Slot slot, Pending pending) {
        Accepted decision = pending.decision();
        slot.state = pending.next();
        publish(slot, decision, slot.actor(pending));
        decision.effects().forEach(effects::run);
        saveRuntime(slot); // a start among the effects waits for it
        decision.release().ifPresent(outcome -> answers.release(slot, outcome));
        switch (decision.asker()) {
            case NONE -> {
            }
            case ANSWERED -> pending.ask().ifPresent(ask -> answers.give(ask, decision.done()));
            case PARKED -> slot.parked = pending.ask().orElse(null);
        }
    }

    private void publish(Slot slot, Accepted decision, Actor actor) {
        Life life = slot.state.life();
        chronicle.show(slot.state);
        // Who hears of it, and looks, finds the round over; who finds it over, and looks, finds that it runs.
        chronicle.tell(decision.facts(), life, clock.instant(), actor,
                () -> round.news(life.id(), chronicle.next(life.id())));
        if (decision.facts().stream().anyMatch(Fact.Forgotten.class::isInstance)) {
            slots.remove(life.id());
        }
    }

    /** Goes on with who waits, as far as the state allows, then with what was held: it came later. */
    private void resume(Slot slot) {
        while (slot.storing == null) {
            if (slot.mayGoOn()) {
                Ask ask = slot.waiting.remove();
                consider(slot, ask.command(), Optional.of(ask));
            } else if (!slot.held.isEmpty()) {
                considerHeld(slot, slot.held.remove());
            } else {
                return;
            }
        }
    }

    private void considerHeld(Slot slot, Letter letter) {
        switch (letter) {
            case Ask ask -> consider(slot, ask.command(), Optional.of(ask));
            case Letter.Report(Reported news) -> consider(slot, news, Optional.empty());
            case Letter other -> throw new IllegalStateException("held by mistake: " + other);
        }
    }

    private void saveRuntime(Slot slot) {
        if (slot.savingRuntime || !slot.runtimeChanged() || slot.state instanceof PluginState.Removing) {
            return;
        }
        slot.savingRuntime = true;
        slot.savedGeneration = slot.state.life().generation();
        slot.savedRestarts = slot.state.life().restarts();
        effects.saveRuntime(slot.state.life());
    }

    private void runtimeSaved(PluginId plugin) {
        Slot slot = slots.get(plugin);
        if (slot != null) {
            slot.savingRuntime = false;
            saveRuntime(slot);
        }
    }

    private void installed(PluginId plugin, Optional<String> failure) {
        reservations.installed(plugin, failure, clock.instant())
                .ifPresent(state -> slots.put(plugin, new Slot(state)));
    }

    private void discard(StagedPlugin staged) {
        discarding++;
        effects.discard(staged);
    }

    private void discarded() {
        discarding--;
        effects.collectGarbage();
    }

    private void close(Sinks.One<List<String>> reply) {
        if (closing != null) {
            return;
        }
        closing = reply;
        chronicle.note(Letter.Noted.ofEngine(EventType.ENGINE_STOPPING, Map.of()), clock.instant());
        for (Slot slot : slots.values().toArray(Slot[]::new)) {
            slot.waiting.forEach(ask -> answers.refuse(ask, new Refusal.Closing()));
            slot.waiting.clear();
            PluginId plugin = slot.state.life().id();
            report(config.liveRestore() ? new Command.Leave(plugin) : new Command.Halt(plugin));
        }
    }

    private void finishClosing() {
        var reply = closing;
        if (reply != null && isIdle() && slots.values().stream().allMatch(Slot::isAtRest)) {
            var _ = reply.tryEmitValue(restless()); // a second attempt to end what has ended means nothing
        }
    }

    /** Those that run although the engine is closing, or are not done with what has to be done first. State thread only. */
    List<String> restless() {
        return slots.values()
                .stream()
                .filter(slot -> !slot.isAtRest() || slot.state instanceof PluginState.Stuck)
                .map(slot -> slot.state.life().name())
                .sorted()
                .toList();
    }

    private boolean isIdle() {
        return discarding == 0 && reservations.isIdle();
    }

    private boolean isFull(Slot slot) {
        return slot.queued() >= config.waitingPerPlugin();
    }
}
