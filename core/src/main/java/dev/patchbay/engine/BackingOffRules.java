package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;

import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.BackingOff;

/**
 * What commands mean for a plugin that waits for its next start. It has no container, unless its last one could not be
 * removed; so whoever ends the waiting has it cleaned up once more, which costs little if nothing is left.
 */
final class BackingOffRules {
    private BackingOffRules() {}

    static Decision decide(BackingOff state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.OfVersion c -> VersionRules.decide(state, c);
            case Command.OfUse c -> UseRules.decide(state, c);
            case Command.OfSetup c -> PluginLifecycle.active(life, c);
            case Command.Enable _ -> PluginLifecycle.alreadyEnabled(life);
            case Command.Disable _ -> PluginLifecycle.stop(life, Next.REST);
            case Command.Remove c ->
                PluginLifecycle.removeEnabled(life, c.force(), PluginLifecycle.stop(life, Next.REMOVE));
            case Command.Halt _ -> PluginLifecycle.stop(life, Next.HALT);
            case Command.Leave _ -> PluginLifecycle.leave(life);
            case Command.TimerFired c when c.generation() == life.generation() && c.timer() == Timer.RETRY ->
                StoppedRules.start(life, Cause.RESTART, PluginLifecycle.RESTART_TIMEOUT);
            case Command.TimerFired _,Command.Restore _,Command.ContainerFound _,Command.ContainerNotFound _,Command.LeftOver _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerExited _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.Purged _,Command.NotStored _ ->
                IGNORED;
        };
    }
}
