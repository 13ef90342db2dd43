package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;

import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.Stuck;

/** What commands mean for a plugin whose container outlived KILL or could not be removed. */
final class StuckRules {
    private StuckRules() {}

    static Decision decide(Stuck state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.OfVersion c -> VersionRules.decide(state, c);
            case Command.OfUse c -> UseRules.decide(state, c);
            case Command.OfSetup c ->
                life.wanted()
                        ? PluginLifecycle.active(life, c)
                        : PluginLifecycle.change(life, c);
            case Command.Enable _ ->
                refuse(new Refusal.Conflict(life.name(), Kind.STUCK, life.reason().orElse("")
                        + "; disable it again to try once more, then enable it"));
            case Command.Disable _ -> PluginLifecycle.stop(life, Next.REST);
            // Asking to remove what is switched off needs no force, but its container has to go first.
            case Command.Remove c ->
                life.wanted()
                        ? PluginLifecycle.removeEnabled(life, c.force(),
                                PluginLifecycle.stop(life, Next.REMOVE))
                        : PluginLifecycle.stop(life, Next.REMOVE);
            case Command.Halt _,Command.Leave _ -> PluginLifecycle.stop(life, Next.HALT);
            case Command.ContainerExited c when c.generation() == life.generation() ->
                accept(
                        new Fact.Exited(life.id(), life.generation(), c.exit(), c.lastErrorLines()),
                        // Wanted and stuck: the engine is closing, which switches nothing off.
                        new Fact.StopRequested(life.id(), life.generation(),
                                life.wanted() ? Next.HALT : Next.REST))
                        .doing(new StopContainer(life.id(), life.generation()));
            case Command.ContainerExited _,Command.Restore _,Command.ContainerFound _,Command.ContainerNotFound _,Command.LeftOver _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.Purged _,Command.TimerFired _,Command.NotStored _ ->
                IGNORED;
        };
    }
}
