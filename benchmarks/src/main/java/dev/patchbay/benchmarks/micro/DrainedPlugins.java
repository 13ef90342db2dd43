package dev.patchbay.benchmarks.micro;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The plugins behind a queue for many producers, and a thread that drains it and parks when it is empty. */
@State(Scope.Benchmark)
public class DrainedPlugins implements AskedPlugins {
    private static final int CHUNK = 1024;

    private final MpscUnboundedArrayQueue<Disable> queue = new MpscUnboundedArrayQueue<>(CHUNK);
    private volatile boolean ends;
    private volatile @Nullable Thread parked;
    private @Nullable Thread thread;

    private record Disable(String name, CompletableFuture<Answer> reply) {}

    /** Starts the thread. */
    @Setup(Level.Trial)
    public void open() {
        thread = Thread.ofPlatform().name("bench-drain").daemon().start(this::drain);
    }

    @Override
    public CompletionStage<Answer> disable(String name) {
        var reply = new CompletableFuture<Answer>();
        queue.add(new Disable(name, reply));
        Thread sleeper = parked;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
        return reply;
    }

    private void drain() {
        var table = new Table();
        while (!ends) {
            Disable asked = queue.poll();
            if (asked != null) {
                asked.reply().complete(table.disable(asked.name()));
                continue;
            }
            parked = Thread.currentThread();
            if (queue.isEmpty() && !ends) { // looked at again, or what came in between would wait for the next
                LockSupport.park(this);
            }
            parked = null;
        }
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        ends = true;
        LockSupport.unpark(thread);
    }
}
