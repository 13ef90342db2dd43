package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Timings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What was measured of one way, under the names of what was done, in the order in which it was taken. */
final class Figures {
    private final SequencedMap<String, List<Double>> taken = new LinkedHashMap<>();
    private int rounds;

    /** A round begins. */
    void begin() {
        rounds++;
    }

    /** In how many rounds they were taken. */
    int rounds() {
        return rounds;
    }

    /** Notes a figure. */
    void add(String what, double figure) {
        taken.computeIfAbsent(what, _ -> new ArrayList<>()).add(figure);
    }

    /** Does something and notes how long it took, in milliseconds. */
    void time(String what, Timings.Work work) throws Exception {
        add(what, Timings.millisOf(work));
    }

    /** All figures under a name. @throws IllegalStateException if there are none */
    List<Double> of(String what) {
        return List.copyOf(Optional.ofNullable(taken.get(what))
                .orElseThrow(() -> new IllegalStateException(what + " was not measured")));
    }

    /** The middle one of the figures under a name. */
    double median(String what) {
        return new Timings(of(what)).median();
    }

    /** What was measured. */
    List<String> names() {
        return List.copyOf(taken.keySet());
    }

    /** Forgets all, for it was to warm up. */
    void clear() {
        taken.clear();
        rounds = 0;
    }
}
