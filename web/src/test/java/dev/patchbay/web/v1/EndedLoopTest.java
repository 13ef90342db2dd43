package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.Happening;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Wish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** Events that happen when the event loop of those who listen has ended: the engine's last ones, when the daemon stops. */
final class EndedLoopTest {
    @Test
    void costsNobodyElseTheirEvents() throws Exception {
        EventRecorder recorder = Recorders.over(new RingJournal(100, 1 << 20, new Random(1)),
                Schedulers.parallel(), 1);
        var loop = new DefaultEventLoop();
        var hub = new EventHub(new ScriptedPlugins(recorder));
        loop.submit(() -> hub.open(loop, wish(), new Nobody())).get(20, TimeUnit.SECONDS);
        var others = new ArrayList<Long>();
        recorder.log().live(EventFilter.ALL).subscribe(told -> others.add(told.seq()));
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);

        tell(recorder);
        tell(recorder);

        assertThat(others).containsExactly(1L, 2L);
    }

    private static Wish wish() {
        return new Wish(new Wish.Start.Events(new From.Now()), EventFilter.ALL, EventSession.encoding("s"),
                Wish.UNLIMITED);
    }

    private static void tell(EventRecorder recorder) {
        recorder.tell(List.of(new Happening(Samples.NOON, EventType.CRASH, Optional.of(Samples.ID),
                "sample:latest", List.of(), 1, Actor.ENGINE, Map.of())), _ -> {});
    }

    /** A connection that takes everything. */
    private static final class Nobody implements Outlet {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(ByteBuf messages) {
            messages.release();
        }

        @Override
        public void flush() {
            // nothing waits
        }

        @Override
        public ByteBufAllocator allocator() {
            return ByteBufAllocator.DEFAULT;
        }

        @Override
        public void lost(EventSignal.Gap gap) {
            throw new AssertionError("there is a word for it: " + gap);
        }

        @Override
        public void unfinished() {
            throw new AssertionError("there is a word for it");
        }

        @Override
        public void ended() {
            // nobody is told
        }

        @Override
        public void failed(Throwable bug) {
            throw new AssertionError(bug);
        }
    }
}
