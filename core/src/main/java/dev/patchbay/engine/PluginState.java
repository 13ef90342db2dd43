package dev.patchbay.engine;

import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a plugin is. All legal transitions:
 *
 * <pre>
 * Stopped    -> Starting (enable, restore), Removing (remove)
 * Starting   -> Running (ready), Ending (failed, exited, timed out, disabled, removed, halted)
 * Running    -> Ending (exited, disabled, removed, halted)
 * Ending     -> Stopped (at rest), Starting (restart at once), BackingOff, Removing, Stuck (could not be stopped)
 * BackingOff -> Starting (retry), Ending (disabled, removed, halted)
 * Stuck      -> Ending (disabled again, removed, exited after all, halted)
 * Removing   -> nothing: the plugin is forgotten when its files are purged
 * </pre>
 *
 * <p>A container, or what is left of one, exists in Starting, Running, Ending and Stuck, in BackingOff if it could not be
 * removed, and nowhere else. Every start has a generation of its own; a container is gone before the next one is
 * started.
 */
sealed interface PluginState {
    Life life();

    record Stopped(Life life) implements PluginState {}

    record Starting(Life life, Cause cause, Duration startTimeout) implements PluginState {}

    record Running(Life life) implements PluginState {}

    /** Being stopped and cleaned up. The failure, if any, is what the one who asked for the start will hear. */
    record Ending(Life life, Next next, Optional<Refusal> failure) implements PluginState {}

    record BackingOff(Life life, Instant nextTry) implements PluginState {}

    record Stuck(Life life) implements PluginState {}

    record Removing(Life life) implements PluginState {}
}
