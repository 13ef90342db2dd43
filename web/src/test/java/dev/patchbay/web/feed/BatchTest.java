package dev.patchbay.web.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventLog.Told;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events in one buffer, some of which somebody has. */
final class BatchTest {
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final Batch batch = new Batch(buffers, 16);

    /** Ten bytes for each event, and none for those whose number is divided by five. */
    private static void write(ByteBuf out, Said said) {
        if (said instanceof Said.Happened(LoggedEvent event, long _) && event.seq() % 5 != 0) {
            out.writeCharSequence("event %04d".formatted(event.seq()), StandardCharsets.US_ASCII);
        }
    }

    private boolean add(long seq, long prev) {
        var event = new PluginEvent(new Cursor("0123456789abcdef", seq), Instant.EPOCH, EventType.CRASH,
                Optional.empty(), "a:latest", List.of(), 1, Actor.ENGINE, Map.of());
        return batch.add(BatchTest::write,
                new Told(LoggedEvent.of(event), new EventSignal.Happened(event, prev)));
    }

    private String from(int at) {
        ByteBuf bytes = batch.retainedFrom(at);
        String text = bytes.toString(StandardCharsets.US_ASCII);
        bytes.release();
        return text;
    }

    @AfterEach
    void noBufferIsLeft() {
        batch.release();
        assertThat(buffers.metric().usedDirectMemory()).isZero();
    }

    @Test
    void growsWhileNobodyHasAnyOfIt() {
        assertThat(add(1, 0)).isTrue();
        assertThat(add(2, 1)).isTrue();
        assertThat(add(3, 2)).isTrue();

        assertThat(from(0)).isEqualTo("event 0001event 0002event 0003");
        assertThat(from(2)).isEqualTo("event 0003");
    }

    @Test
    void whatSomebodyHasStaysWhereItIs() {
        add(1, 0);
        add(2, 1);
        ByteBuf had = batch.retainedFrom(0);
        long address = had.memoryAddress();

        int added = 0;
        while (add(3 + added, 2 + added)) {
            added++;
        }
        ByteBuf later = batch.retainedFrom(0);

        assertThat(later.memoryAddress()).isEqualTo(address);
        assertThat(later.readableBytes()).isGreaterThanOrEqualTo(20);
        assertThat(had.toString(StandardCharsets.US_ASCII)).isEqualTo("event 0001event 0002");
        had.release();
        later.release();
    }

    @Test
    void takesNoMoreThanItHasRoomForOnceSomebodyHasSomeOfIt() {
        add(1, 0);
        batch.retained(0).release();

        assertThat(add(2, 1)).isFalse();
        assertThat(add(5, 1)).isTrue();
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.isSpoken(1)).isFalse();
    }

    @Test
    void knowsWhereAnEventIsNotTheNextAfterTheOneBefore() {
        add(1, 0);
        add(4, 3);
        add(5, 4);
        add(6, 5);

        assertThat(batch.isChainedFrom(0)).isFalse();
        assertThat(batch.isChainedFrom(1)).isTrue();
        assertThat(batch.spokenFrom(0)).isEqualTo(3);
        assertThat(batch.spokenFrom(2)).isOne();
    }
}
