package dev.patchbay.benchmarks.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ways to do the same, one after the other, round after round: what the machine does meanwhile hits all alike. Every other
 * round goes the other way round (A B, B A), since what came before leaves its traces.
 *
 * @param warmUps rounds that do not count
 * @param rounds rounds that count
 */
record Turns(int warmUps, int rounds) {
    /** One way. */
    @FunctionalInterface
    interface Way {
        /** Does it once and notes what it took; leaves things as they were. */
        void round(Figures figures) throws Exception;
    }

    /** Takes all turns. @return what was measured, for each way */
    List<Figures> take(List<Way> ways) throws Exception {
        List<Figures> figures = Stream.generate(Figures::new).limit(ways.size()).toList();
        var order = new ArrayList<Integer>();
        for (int way = 0; way < ways.size(); way++) {
            order.add(way);
        }
        for (int round = 0; round < warmUps + rounds; round++) {
            if (round == warmUps) {
                figures.forEach(Figures::clear);
            }
            for (int way : round % 2 == 0 ? order : order.reversed()) {
                figures.get(way).begin();
                ways.get(way).round(figures.get(way));
            }
        }
        return figures;
    }
}
