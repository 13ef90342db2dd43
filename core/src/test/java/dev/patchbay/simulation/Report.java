package dev.patchbay.simulation;

import dev.patchbay.simulation.Simulation.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/** Tells a person how a world went wrong, as shortly as possible, and how to see it again. */
final class Report {
    private static final int MOST_LINES = 120;

    private final long seed;
    private final Mutant mutant;

    Report(long seed, Mutant mutant) {
        this.seed = seed;
        this.mutant = mutant;
    }

    /** The shortest part of the plan that still goes wrong in the same way: one that lacks nothing that can be spared. */
    Plan shortest() {
        Plan plan = Plan.of(seed);
        Verdict whole = Simulation.run(seed, plan, mutant, false);
        for (int size = Math.max(1, plan.steps().size() / 2); size >= 1; size /= 2) {
            for (int at = 0; at + size <= plan.steps().size();) {
                Plan shorter = plan.without(at, at + size);
                if (isAlike(whole, Simulation.run(seed, shorter, mutant, false))) {
                    plan = shorter;
                } else {
                    at += size;
                }
            }
        }
        return plan;
    }

    private static boolean isAlike(Verdict one, Verdict other) {
        return one.broken()
                .flatMap(broken -> other.broken()
                        .filter(same -> same.invariant().getClass() == broken.invariant().getClass()))
                .isPresent();
    }

    /** The whole story. */
    String text() {
        Verdict whole = Simulation.run(seed, mutant);
        if (whole.isGood()) {
            return "seed " + seed + " is good: " + whole.steps() + " steps, trace "
                    + Long.toHexString(whole.hash());
        }
        Plan plan = shortest();
        Verdict verdict = Simulation.run(seed, plan, mutant, true);
        List<String> history = verdict.history();
        return "seed " + seed + " is bad: " + verdict.broken().map(Object::toString).orElse("") + "\n\nplan, "
                + plan.steps().size() + " steps of " + Plan.of(seed).steps().size() + ":\n"
                + plan.steps().stream().map(Step::toString).collect(Collectors.joining("\n"))
                + "\n\nhistory:\n" + history.stream()
                        .skip(Math.max(0, history.size() - MOST_LINES))
                        .collect(Collectors.joining("\n"))
                + "\n\ntrace " + Long.toHexString(whole.hash()) + "\nagain: make soak SEED=" + seed
                + (mutant == Mutant.NONE ? "" : " MUTANT=" + mutant);
    }
}
