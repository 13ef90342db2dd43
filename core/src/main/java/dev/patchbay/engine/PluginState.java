package dev.patchbay.engine;

import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.use.Holders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a plugin is. All legal transitions:
 *
 * <pre>
 * Restoring  -> Starting (taken over; or nothing left), Ending (ended meanwhile, outdated, disabled, removed, halted),
 *               Restoring (could not be told, tried again), Left
 * Stopped    -> Starting (enable), Removing (remove), Ending (something is left of an earlier process)
 * Starting   -> Running (ready), Ending (failed, exited, timed out, disabled, removed, halted), Left (if taken over)
 * Running    -> Ending (exited, disabled, removed, halted), Left
 * Ending     -> Stopped (at rest), Starting (restart at once), BackingOff, Removing, Stuck (could not be stopped)
 * BackingOff -> Starting (retry), Ending (disabled, removed, halted), Left
 * Stuck      -> Ending (disabled again, removed, exited after all, halted)
 * Removing   -> nothing: the plugin is forgotten when its files are purged
 * Left       -> nothing: the engine closes, and the next one restores it
 * </pre>
 *
 * <p>Plugins that are wanted when the engine is opened begin in Restoring, all others in Stopped.
 *
 * <p>A container, or what is left of one, exists in Starting, Running, Ending and Stuck, in BackingOff if it could not be
 * removed, perhaps in Restoring and Left, and nowhere else, but for what an earlier process left of a plugin that is not
 * wanted. Every start has a generation of its own; a container is gone before the next one is started.
 */
sealed interface PluginState {
    Life life();

    /**
     * Wanted since before the engine was opened; what is left of it is being found out.
     *
     * @param failures how often that could not be told
     * @param nextTry when it will be tried again, if it is not being tried
     */
    record Restoring(Life life, int failures, Optional<Instant> nextTry) implements PluginState {
        Restoring(Life life) {
            this(life, 0, Optional.empty());
        }
    }

    record Stopped(Life life) implements PluginState {}

    record Starting(Life life, Cause cause, Duration startTimeout) implements PluginState {}

    record Running(Life life) implements PluginState {}

    /**
     * Being stopped and cleaned up.
     *
     * @param failure what the one who asked for the start will hear, if it failed
     * @param cutOff who used it until it was switched off
     */
    record Ending(Life life, Next next, Optional<Refusal> failure, Holders cutOff) implements PluginState {
        Ending(Life life, Next next, Optional<Refusal> failure) {
            this(life, next, failure, Holders.NONE);
        }
    }

    record BackingOff(Life life, Instant nextTry) implements PluginState {}

    record Stuck(Life life) implements PluginState {}

    /**
     * No longer installed; its files are being deleted.
     *
     * @param cutOff who used it until it was removed
     */
    record Removing(Life life, Holders cutOff) implements PluginState {
        Removing(Life life) {
            this(life, Holders.NONE);
        }
    }

    /** As it was when the engine began to close, which leaves it so. */
    record Left(PluginState was) implements PluginState {
        @Override
        public Life life() {
            return was.life();
        }
    }
}
