package dev.patchbay.benchmarks.micro;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The plugins behind a ring for many producers, with a consumer that waits without a processor of its own. */
@State(Scope.Benchmark)
public class RingPlugins implements AskedPlugins {
    private static final int SLOTS = 4096;

    private final Disruptor<Slot> disruptor = new Disruptor<>(Slot::new, SLOTS, DaemonThreadFactory.INSTANCE,
            ProducerType.MULTI, new BlockingWaitStrategy());

    private static final class Slot {
        private String name = "";
        private @Nullable CompletableFuture<Answer> reply;
    }

    /** Starts the consumer. */
    @Setup(Level.Trial)
    public void open() {
        var table = new Table();
        disruptor.handleEventsWith((slot, _, _) -> {
            CompletableFuture<Answer> reply = slot.reply;
            if (reply != null) {
                slot.reply = null;
                reply.complete(table.disable(slot.name));
            }
        });
        disruptor.start();
    }

    @Override
    public CompletionStage<Answer> disable(String name) {
        var reply = new CompletableFuture<Answer>();
        disruptor.publishEvent((slot, _, asked, answer) -> {
            slot.name = asked;
            slot.reply = answer;
        }, name, reply);
        return reply;
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        disruptor.shutdown();
    }
}
