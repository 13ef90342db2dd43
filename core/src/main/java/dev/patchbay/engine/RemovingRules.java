package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;

import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.PluginState.Removing;

/** What commands mean for a plugin that is no longer installed and whose files are being deleted. */
final class RemovingRules {
    private RemovingRules() {}

    static Decision decide(Removing state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.OfVersion c -> VersionRules.decide(state, c);
            case Command.OfUse c -> UseRules.decide(state, c);
            case Command.OfSetup _,Command.Enable _,Command.Disable _,Command.Remove _ ->
                refuse(new Refusal.NotFound(life.name()));
            case Command.Purged c ->
                accept(new Fact.Forgotten(life.id()))
                        .releasing(c.problem()
                                .<Outcome>map(problem -> PluginLifecycle.failed(new Refusal.Storage(
                                        "plugin " + life.name() + " is removed, but files of it are left: "
                                                + problem)))
                                .orElse(new Outcome.Done(state.cutOff())));
            case Command.Halt _,Command.Leave _,Command.Restore _,Command.ContainerFound _,Command.ContainerNotFound _,Command.LeftOver _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerExited _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.TimerFired _,Command.NotStored _ ->
                IGNORED;
        };
    }
}
