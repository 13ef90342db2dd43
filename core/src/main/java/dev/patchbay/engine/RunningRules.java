package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.accept;

import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.Running;

/** What commands mean for a plugin that runs and accepts connections. */
final class RunningRules {
    private RunningRules() {}

    static Decision decide(Running state, Command command) {
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
            case Command.ContainerExited c when c.generation() == life.generation() ->
                accept(new Fact.Crashed(life.id(), life.generation(), c.exit(), c.lastErrorLines()))
                        .doing(new StopContainer(life.id(), life.generation()));
            case Command.TimerFired c when c.generation() == life.generation() && c.timer() == Timer.STABLE
                    && life.restarts() > 0 ->
                accept(new Fact.Stabilized(life.id(), life.generation()));
            // News of an earlier generation, or a timer that this state does not wait for.
            case Command.ContainerExited _,Command.TimerFired _ -> IGNORED;
            case Command.Restore _,Command.ContainerFound _,Command.ContainerNotFound _,Command.LeftOver _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.Purged _,Command.NotStored _ ->
                IGNORED;
        };
    }
}
