package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.accept;

import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.Fact.StartRequested;
import dev.patchbay.engine.PluginState.Stopped;
import java.time.Duration;

/**
 * What commands mean for a plugin without a container, unless an earlier process left one. It may be wanted all the
 * same: after it was halted.
 */
final class StoppedRules {
    private StoppedRules() {}

    static Decision decide(Stopped state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.OfVersion c -> VersionRules.decide(state, c);
            case Command.OfUse c -> UseRules.decide(state, c);
            case Command.OfSetup c ->
                life.wanted()
                        ? PluginLifecycle.active(life, c)
                        : PluginLifecycle.change(life, c);
            case Command.Enable c ->
                life.wanted()
                        ? PluginLifecycle.alreadyEnabled(life)
                        : start(life, Cause.ENABLE, c.startTimeout()).parking();
            case Command.Disable _ ->
                life.wanted()
                        ? accept(new Fact.SwitchedOff(life.id()),
                                new Fact.Disabled(life.id(), life.generation()))
                                .answering()
                        : PluginLifecycle.alreadyDisabled(life);
            case Command.Remove c ->
                life.wanted()
                        ? PluginLifecycle.removeEnabled(life, c.force(), PluginLifecycle.remove(life))
                        : PluginLifecycle.remove(life);
            // An earlier process was told to stop it, and did not come to the end.
            case Command.LeftOver _ -> life.wanted() ? IGNORED : sweep(life);
            // Looked for before its version was exchanged.
            case Command.ContainerFound c -> PluginLifecycle.seen(life, c.what());
            case Command.Restore _,Command.ContainerNotFound _,Command.Leave _,Command.Halt _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerExited _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.Purged _,Command.TimerFired _,Command.NotStored _ ->
                IGNORED;
        };
    }

    private static Decision sweep(Life life) {
        return accept(new Fact.StopRequested(life.id(), life.generation(), Next.REST))
                .doing(new StopFound(life.record(), life.generation()));
    }

    static Decision.Accepted start(Life life, Cause cause, Duration startTimeout) {
        int generation = life.generation() + 1;
        return accept(new StartRequested(life.id(), generation, cause, startTimeout))
                .doing(new StartContainer(life.record(), life.limits(), generation));
    }
}
