package dev.patchbay.engine;

import dev.patchbay.engine.Command.Reported;
import dev.patchbay.engine.Decision.Accepted;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Letter.Ask;
import dev.patchbay.event.Actor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One plugin on the state thread: its state, and who waits for it. All of it is confined to the state thread.
 *
 * <p>While facts of it are on their way to disk ({@link #storing}), nothing else is decided about it: letters are held.
 * While it is between two states that mean something to users, their asks wait.
 */
final class Slot {
    PluginState state;

    /** Whose command a later decision answers. */
    @Nullable
    Ask parked;

    /** What is to happen when the disk has answered. */
    @Nullable
    Pending storing;

    /** Whether the disk has not answered for too long about {@link #storing}, or about the files of a removed plugin. */
    boolean overdue;

    /** What was last handed to the store as runtime record: generation and restarts. */
    int savedGeneration;

    int savedRestarts;
    boolean savingRuntime;

    /** Letters that came while facts were being stored, in order. */
    final Deque<Letter> held = new ArrayDeque<>();

    /** Asks that the rules told to wait, in order. */
    final Deque<Ask> waiting = new ArrayDeque<>();

    Slot(PluginState state) {
        this.state = state;
        this.savedGeneration = state.life().generation();
        this.savedRestarts = state.life().restarts();
    }

    /** How many asks wait. News is not counted: it is never refused, and must not be why others are. */
    int queued() {
        return (int) asksHeld().count() + waiting.size();
    }

    private Stream<Ask> asksHeld() {
        return held.stream().filter(Ask.class::isInstance).map(Ask.class::cast);
    }

    /**
     * Whether news can change anything once the disk has answered. Who gives back what was refused meanwhile, and gave it up
     * before hearing so, gives back nothing: as many may do that as like, as long as the disk hangs.
     */
    boolean means(Reported news) {
        return !(news instanceof Command.LetGo(_, String holder))
                || state.life().holders().find(holder).isPresent()
                || asksHeld().map(Ask::command)
                        .anyMatch(command -> command instanceof Command.Acquire acquire
                                && acquire.holder().id().equals(holder));
    }

    /** Who asked for what is done now, or waits for what comes of it. */
    Actor actor(Pending done) {
        return done.ask()
                .or(() -> Optional.ofNullable(parked))
                .map(ask -> Actor.caller(ask.requestId()))
                .orElse(Actor.ENGINE);
    }

    /** Whether somebody waits who need not any more. */
    boolean mayGoOn() {
        return !waiting.isEmpty() && !mustWait(waiting.element());
    }

    private boolean mustWait(Ask ask) {
        try {
            return PluginLifecycle.decide(state, ask.command()) instanceof Decision.Wait;
        } catch (RuntimeException _) {
            return false; // the fault is told when the command is considered
        }
    }

    /** What one hears for whom there is no place. */
    Outcome tooMany() {
        return new Outcome.Failed(new Refusal.TooManyWaiting(state.life().name(), queued()));
    }

    /** What one hears who comes while the disk does not answer. */
    Outcome diskIsStuck(Duration limit) {
        return new Outcome.Failed(new Refusal.Storage("plugin " + state.life().name()
                + " cannot be changed now: the disk has not answered for more than "
                + Sentences.duration(limit) + " about an earlier change of it"));
    }

    /** Whether the closing engine need not wait for it. */
    boolean isAtRest() {
        boolean resting = switch (state) {
            case PluginState.Stopped _,PluginState.Stuck _,PluginState.Left _ -> true;
            // What is left of its files is deleted at the next opening.
            case PluginState.Removing _ -> overdue;
            case PluginState.Restoring _,PluginState.Starting _,PluginState.Running _,PluginState.Ending _,PluginState.BackingOff _ ->
                false;
        };
        return resting && storing == null && !savingRuntime;
    }

    /** Takes out everybody who waits. News stays. */
    List<Ask> takeAsks() {
        var asks = new ArrayList<>(waiting);
        waiting.clear();
        var news = new ArrayList<Letter>();
        for (Letter letter : held) {
            if (letter instanceof Ask ask) {
                asks.add(ask);
            } else {
                news.add(letter);
            }
        }
        held.clear();
        held.addAll(news);
        return asks;
    }

    /** Whether its runtime record on disk is older than its life. */
    boolean runtimeChanged() {
        return savedGeneration != state.life().generation() || savedRestarts != state.life().restarts();
    }

    /** A decision whose facts are being stored. */
    record Pending(Accepted decision, PluginState next, Command command, Optional<Ask> ask) {
        /** The same, whose asker has been answered. */
        Pending answered() {
            return new Pending(decision, next, command, ask.map(Ask::answered));
        }
    }
}
