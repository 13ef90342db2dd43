package dev.patchbay.engine;

import dev.patchbay.Force;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.use.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One thing that may happen in the model world. A step stays meaningful when steps before it are dropped. */
sealed interface LifecycleStep {
    /** A user asks. */
    record Ask(Command.Asked command) implements LifecycleStep {}

    /** The next letter from outside reaches the state thread. */
    record Deliver() implements LifecycleStep {}

    /** One of the things under way comes to its end, well or not. */
    record Happen(int choice, boolean well) implements LifecycleStep {}

    /** A live container's process ends by itself. */
    record Fall() implements LifecycleStep {}

    /** The disk takes longer than it may. */
    record Stall() implements LifecycleStep {}

    /** The engine is told to close. */
    record Close() implements LifecycleStep {}

    static List<LifecycleStep> random(RandomGenerator random, int count) {
        List<LifecycleStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(one(random));
        }
        return steps;
    }

    private static LifecycleStep one(RandomGenerator random) {
        int dice = random.nextInt(1000);
        if (dice < 220) {
            return new Ask(ask(random));
        }
        if (dice < 580) {
            return new Deliver();
        }
        if (dice < 925) {
            return new Happen(random.nextInt(64), random.nextInt(4) != 0);
        }
        if (dice < 935) {
            return new Stall();
        }
        return dice < 997 ? new Fall() : new Close();
    }

    private static Command.Asked ask(RandomGenerator random) {
        var force = random.nextInt(3) == 0 ? Force.YES : Force.NO;
        int dice = random.nextInt(100);
        if (random.nextInt(4) == 0) {
            return ofUse(random);
        }
        if (dice < 45) {
            return new Command.Enable(Lives.PLUGIN, Duration.ofSeconds(5));
        }
        if (dice < 80) {
            return new Command.Disable(Lives.PLUGIN, force);
        }
        if (dice < 84) {
            return new Command.Upgrade(Lives.PLUGIN, Versions.delivery(random.nextInt()));
        }
        if (dice < 87) {
            return new Command.RollBack(Lives.PLUGIN);
        }
        return dice < 95
                ? new Command.ChangeSettings(Lives.PLUGIN, List.of("DEBUG=" + dice))
                : new Command.Remove(Lives.PLUGIN, force);
    }

    private static Command.Asked ofUse(RandomGenerator random) {
        var holder = new Holder("h" + random.nextInt(6), "somebody", random.nextInt(2) == 0);
        return random.nextInt(3) == 0
                ? new Command.Release(Lives.PLUGIN, holder.id())
                : new Command.Acquire(Lives.PLUGIN, InterfaceType.docker("VolumeDriver"), holder);
    }
}
