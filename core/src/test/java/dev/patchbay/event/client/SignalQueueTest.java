package dev.patchbay.event.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.client.StreamSignal.Connected;
import dev.patchbay.event.client.StreamSignal.Disconnected;
import dev.patchbay.event.client.StreamSignal.Loss;
import dev.patchbay.event.client.StreamSignal.Lost;
import dev.patchbay.event.client.StreamSignal.Passed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SignalQueueTest {
    private final SignalQueue queue = new SignalQueue(2);

    private static Cursor at(long seq) {
        return new Cursor("e", seq);
    }

    private static Connected connected(long seq) {
        return new Connected("n", "1", at(seq), at(seq));
    }

    private static Disconnected disconnected(String reason) {
        return new Disconnected(reason, OptionalInt.empty(), Duration.ZERO);
    }

    private List<StreamSignal> content() {
        var content = new ArrayList<StreamSignal>();
        for (StreamSignal signal = queue.poll(); signal != null; signal = queue.poll()) {
            content.add(signal);
        }
        return content;
    }

    @Test
    void keepsTheLastOfSeveralConnections() {
        for (int i = 0; i < 1000; i++) {
            queue.add(connected(i));
            queue.add(new Passed(at(i)));
            queue.add(disconnected("no " + i));
        }
        queue.add(connected(1000));
        assertThat(content()).containsExactly(new Passed(at(999)), disconnected("no 999"), connected(1000));
    }

    @Test
    void keepsTheLastOfSeveralBookmarks() {
        queue.add(new Passed(at(1)));
        queue.add(new Passed(at(2)));
        assertThat(content()).containsExactly(new Passed(at(2)));
    }

    @Test
    void makesOneLossOfThoseThatFollowEachOther() {
        queue.add(new Passed(at(1)));
        queue.add(new Lost(at(1), at(2), Loss.TRIMMED));
        queue.add(new Lost(at(2), at(9), Loss.TRIMMED));
        queue.add(new Lost(at(10), at(12), Loss.TRIMMED));
        assertThat(content())
                .containsExactly(new Lost(at(1), at(9), Loss.TRIMMED),
                        new Lost(at(10), at(12), Loss.TRIMMED));
    }

    @Test
    void countsEventsAndIsFullOfWhateverThereIs() {
        queue.add(new StreamSignal.Unknown(at(1), "x"));
        assertThat(queue.events()).isEqualTo(1);
        for (int i = 0; i < 65; i++) {
            assertThat(queue.isFull()).isFalse();
            queue.add(new StreamSignal.SnapshotBegan(at(i)));
        }
        assertThat(queue.isFull()).isTrue();
        queue.poll();
        assertThat(queue.events()).isZero();
        assertThat(queue.isFull()).isFalse();
    }
}
