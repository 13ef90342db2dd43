package dev.patchbay.benchmarks.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void goTheOtherWayRoundEveryOtherRound() throws Exception {
        var order = new StringBuilder();

        new Turns(1, 3).take(List.of(_ -> order.append('A'), _ -> order.append('B')));

        assertThat(order).hasToString("ABBAABBA");
    }

    @Test
    void forgetWhatWasToWarmUp() throws Exception {
        var numbers = new ArrayList<>(List.of(1.0, 2.0, 3.0, 4.0, 5.0));

        List<Figures> taken = new Turns(2, 3).take(List.of(it -> it.add("what", numbers.removeFirst())));

        assertThat(taken.getFirst().of("what")).containsExactly(3.0, 4.0, 5.0);
    }
}
