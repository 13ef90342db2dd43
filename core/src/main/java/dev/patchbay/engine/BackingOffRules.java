package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.accept;

import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.PluginState.BackingOff;

/** What commands mean for a plugin that waits for its next start. It has no container. */
final class BackingOffRules {
    private BackingOffRules() {}

    static Decision decide(BackingOff state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.ChangeSettings _ -> PluginLifecycle.activeSettings(life);
            case Command.Enable _ -> PluginLifecycle.alreadyEnabled(life);
            case Command.Disable _ ->
                accept(new Fact.SwitchedOff(life.id()), new Fact.Disabled(life.id(), life.generation()))
                        .answering();
            case Command.Remove c ->
                PluginLifecycle.removeEnabled(life, c.force(), PluginLifecycle.remove(life));
            case Command.Halt _ -> accept(new Fact.CameToRest(life.id(), life.generation()));
            case Command.TimerFired c when c.generation() == life.generation() && c.timer() == Timer.RETRY ->
                StoppedRules.start(life, Cause.RESTART, PluginLifecycle.RESTART_TIMEOUT);
            case Command.TimerFired _,Command.Restore _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerExited _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.Purged _,Command.NotStored _ ->
                IGNORED;
        };
    }
}
