package dev.patchbay.web.crash;

import java.util.Random;
import java.util.function.Supplier;

/** Rounds of a test, as many as are asked for, decided by a seed that a failure names, with what was done until then. */
final class Rounds {
    private static final int TOLD = 10; // a long run says now and then how far it has come

    private final String name;
    private final long count;
    private final long seed;
    private final History history = new History();

    /** One round. */
    interface Round {
        /** Is played. */
        void play(int number) throws Exception;
    }

    /** What holds after all of them. */
    interface End {
        /** Fails if it does not. */
        void check() throws Exception;
    }

    /**
     * So many, unless {@code patchbay.NAME.rounds} says otherwise; {@code patchbay.NAME.seed} decides them again. Either may
     * be set to nothing, as make does it.
     */
    Rounds(String name, long usual) {
        this.name = name;
        this.count = Long.getLong("patchbay." + name + ".rounds", usual);
        this.seed = Long.getLong("patchbay." + name + ".seed", System.nanoTime());
    }

    long seed() {
        return seed;
    }

    Random random() {
        return new Random(seed);
    }

    History history() {
        return history;
    }

    void play(Round round, End end, Supplier<String> log) {
        System.err.println(name + " rounds: " + count + " with seed " + seed);
        try {
            for (int number = 1; number <= count; number++) {
                round.play(number);
                if (number % TOLD == 0) {
                    System.err.println(name + " rounds: " + number + " of " + count + " are over");
                }
            }
            end.check();
        } catch (AssertionError | Exception e) {
            throw new AssertionError("patchbay." + name + ".seed=" + seed + "\n" + history + "\n" + log.get(),
                    e);
        }
    }
}
