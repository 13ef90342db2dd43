package dev.patchbay.simulation;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Runs worlds for as long as somebody likes: {@code make soak SEEDS=1000000}, {@code make soak SEED=4711},
 * {@code make soak SEEDS=1000 FROM=5000 MUTANT=LOSE_EXIT}.
 */
final class Soak {
    private static final Duration TOLD_EVERY = Duration.ofSeconds(5);
    private static final int SIDE_BY_SIDE = Runtime.getRuntime().availableProcessors();

    /** The last line, which {@code make soak} looks for: an exit code would have Maven talk about itself. */
    private static final String GOOD = "all is good";

    private Soak() {}

    /** Takes {@code NAME=value}; those without a value count as not given. */
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        Mutant mutant = Mutant.valueOf(given(args, "MUTANT", Mutant.NONE.name()));
        String seed = given(args, "SEED", "");
        boolean good;
        try (var _ = new EngineLog()) {
            if (seed.isEmpty()) {
                good = run(Long.parseLong(given(args, "FROM", "1")),
                        Long.parseLong(given(args, "SEEDS", "100000")),
                        mutant, out);
            } else {
                out.println(new Report(Long.parseLong(seed), mutant).text());
                good = Simulation.run(Long.parseLong(seed), mutant).isGood();
            }
        }
        if (good) {
            out.println(GOOD);
        }
    }

    private static String given(String[] args, String name, String otherwise) {
        for (String arg : args) {
            if (arg.startsWith(name + "=") && arg.length() > name.length() + 1) {
                return arg.substring(name.length() + 1);
            }
        }
        return otherwise;
    }

    private static boolean run(long from, long count, Mutant mutant, PrintStream out)
            throws InterruptedException {
        long start = System.nanoTime();
        var seeds = new Seeds(from, count, mutant).start(SIDE_BY_SIDE);
        boolean done;
        do {
            done = seeds.await(TOLD_EVERY.toMillis() / SIDE_BY_SIDE);
            double seconds = (System.nanoTime() - start) / 1e9;
            out.println(String.format(Locale.ROOT, "%,d seeds in %.0f s, %.0f in a second", seeds.ended(),
                    seconds,
                    seeds.ended() / seconds));
        } while (!done);
        seeds.bad().ifPresent(bad -> out.println(new Report(bad.seed(), mutant).text()));
        return seeds.bad().isEmpty();
    }
}
