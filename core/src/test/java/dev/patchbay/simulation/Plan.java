package dev.patchbay.simulation;

import static dev.patchbay.simulation.VirtualTime.MILLISECOND;
import static dev.patchbay.simulation.VirtualTime.SECOND;

import dev.patchbay.simulation.Step.What;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What clients will ask in one world and what will go wrong in it, all of it a function of the seed. Parts may be left
 * out.
 *
 * @param steps in the order of their times
 */
record Plan(List<Step> steps) {
    static final int NAMES = 4;

    private static final List<What> ASKED = List.of(What.CREATE, What.CREATE, What.INSTALL, What.INSTALL,
            What.UPGRADE,
            What.UPGRADE, What.ROLL_BACK, What.SET, What.SET, What.SET, What.LIMIT, What.LIMIT,
            What.ENABLE, What.ENABLE, What.ENABLE, What.ENABLE, What.DISABLE, What.DISABLE, What.DISABLE,
            What.REMOVE, What.PUSH, What.ACQUIRE,
            What.ACQUIRE, What.RELEASE, What.USE, What.USE, What.COLLECT, What.LIST);

    private static final List<What> WRONG = List.of(What.KILL, What.KILL, What.LOSE_POWER, What.LOSE_POWER,
            What.REOPEN,
            What.DISK_FULL, What.DISK_FAILS, What.DISK_HANGS, What.SLOW_DISK, What.BAD_HOST, What.BAD_RUNTIME,
            What.BAD_RUNTIME, What.BAD_REGISTRY, What.STRANGE_EXITS, What.STRANGE_EXITS, What.CONTAINER_ENDS,
            What.CONTAINER_ENDS);

    private static final int FEWEST_ASKED = 12;
    private static final int MOST_ASKED = 36;
    private static final int MOST_WRONG = 5;

    Plan {
        steps = List.copyOf(steps);
    }

    static Plan of(long seed) {
        var chance = new Chance(seed);
        List<Step> steps = new ArrayList<>();
        long end = chance.between(5 * SECOND, 60 * SECOND);
        int asked = (int) chance.between(FEWEST_ASKED, MOST_ASKED);
        for (int number = 1; number <= asked; number++) {
            steps.add(asked(chance, end, number, number <= 3 ? What.CREATE : chance.oneOf(ASKED)));
        }
        int wrong = chance.below(MOST_WRONG + 1);
        for (int number = 0; number < wrong; number++) {
            steps.add(wrong(chance, end, chance.oneOf(WRONG)));
        }
        steps.sort(Comparator.comparingLong(Step::at));
        return new Plan(steps);
    }

    private static Step asked(Chance chance, long end, int number, What what) {
        long at = number <= 3 ? chance.between(0, 2 * SECOND) : chance.between(SECOND, end);
        long hangUp = chance.oneIn(8) ? chance.between(MILLISECOND, 3 * SECOND) : 0;
        int detail = what == What.SET || what == What.LIMIT ? number : chance.below(SampleImages.VERSIONS);
        return new Step(at, what, chance.below(NAMES), detail, hangUp);
    }

    private static Step wrong(Chance chance, long end, What what) {
        return new Step(chance.between(0, end), what, 0, chance.below(12),
                chance.between(SECOND, 20 * SECOND));
    }

    /** The name that a client uses. */
    static String name(int subject) {
        return "p" + subject;
    }

    /** When the last of it is begun and everything that went wrong goes well again. */
    long end() {
        return steps.stream()
                .mapToLong(step -> step.at() + (step.what().isAsked() ? 0 : step.duration()))
                .max()
                .orElse(0) + SECOND;
    }

    /** Without some of the steps. */
    Plan without(int from, int to) {
        List<Step> rest = new ArrayList<>(steps.subList(0, from));
        rest.addAll(steps.subList(to, steps.size()));
        return new Plan(rest);
    }
}
