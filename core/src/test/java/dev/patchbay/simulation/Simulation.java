package dev.patchbay.simulation;

import static dev.patchbay.simulation.VirtualTime.SECOND;

import dev.patchbay.Plugins;
import dev.patchbay.simulation.Witness.Broken;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** One world from its beginning to its end. A pure function of seed, plan and mutant. */
final class Simulation {
    /** How it ended. */
    record Verdict(long seed, Optional<Broken> broken, long hash, long steps, List<String> history) {
        boolean isGood() {
            return broken.isEmpty();
        }
    }

    private static final long CALM = 400 * SECOND;
    private static final long MOST_STEPS = 1_000_000;

    private final World world;
    private final Plan plan;

    private Simulation(World world, Plan plan) {
        this.world = world;
        this.plan = plan;
    }

    static Verdict run(long seed, Mutant mutant) {
        return run(seed, Plan.of(seed), mutant, false);
    }

    static Verdict run(long seed, Plan plan, Mutant mutant, boolean inWords) {
        var simulation = new Simulation(new World(seed, mutant, inWords), plan);
        World world = simulation.world;
        EngineLog.listen(world.witness());
        simulation.live();
        world.trace().tell("end", "", world.time().steps());
        return new Verdict(seed, world.witness().first(), world.trace().hash(), world.time().steps(),
                world.trace().lines());
    }

    private void live() {
        world.begin(plan);
        var end = new Settlement(world);
        passUntil(plan.end() + CALM);
        with(end::attendStuck);
        pass(CALM);
        // Everybody, also those who asked something of a disk that never answers.
        world.client().checkAnswered();
        world.attendHanging();
        pass(CALM);
        with(end::attendStuck);
        pass(CALM);
        world.calm();
        with(end::checkConverged);
        Set<Long> before = end.pids();
        boolean left = world.isLiveRestored();
        with(_ -> world.close());
        pass(CALM);
        with(end::checkConverged);
        with(_ -> end.checkDisturbed(before, left));
        Set<Long> then = end.pids();
        with(_ -> world.die(false));
        pass(CALM);
        with(end::checkConverged);
        with(_ -> end.checkDisturbed(then, true));
        with(plugins -> plugins.collectGarbage(false).subscribe(_ -> {}, _ -> {}));
        pass(CALM);
        with(end::checkClean);
        checkSteps();
    }

    private void with(Consumer<Plugins> check) {
        if (!world.witness().isContent()) {
            return;
        }
        world.incarnation()
                .plugins()
                .ifPresentOrElse(check,
                        () -> world.witness()
                                .broken(Invariants.SoundEngine.INSTANCE, "it could not be opened"));
    }

    private void checkSteps() {
        if (world.time().steps() >= MOST_STEPS) {
            world.witness().broken(Invariants.SoundEngine.INSTANCE, "it never comes to rest");
        }
    }

    private void pass(long time) {
        passUntil(world.time().now() + time);
    }

    private void passUntil(long moment) {
        boolean[] reached = new boolean[1];
        var _ = world.outside().after(moment - world.time().now(), () -> reached[0] = true);
        while (!reached[0] && world.witness().isContent() && world.time().steps() < MOST_STEPS) {
            try {
                if (!world.time().step()) {
                    return;
                }
            } catch (DiskFaults.LastStep _) {
                world.dieAtLastStep();
            } catch (RuntimeException e) {
                world.witness().broken(Invariants.SoundEngine.INSTANCE, "on one of its threads: " + e);
            }
        }
    }
}
