package dev.patchbay.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.io.PrintStream;
import java.time.Instant;

/**
 * What came on all connections of a load generator. All of it belongs to the generator's one event loop, which tells its
 * parent on the way: {@code ready} when all are subscribed, {@code passed N} when all have got N events.
 */
final class Arrivals {
    /** How many events pass from one {@code passed} to the next. */
    static final int STEP = 32;

    private static final int TIMES = 1 << 16;

    private final int connections;
    private final PrintStream parent;
    private final Ages ages = new Ages();
    private final long[] seqs = new long[TIMES];
    private final long[] times = new long[TIMES];
    // How many connections have got so many steps more than all have.
    private int[] steps = new int[TIMES];
    private long passed;
    private int ready;
    private long deliveries;
    private long bytes;
    private long lost;
    private int gone;

    Arrivals(int connections, PrintStream parent) {
        this.connections = connections;
        this.parent = parent;
    }

    void ready() {
        if (++ready == connections) {
            say("ready");
        }
    }

    void gap() {
        lost++;
    }

    void misfit() {
        lost++;
    }

    void gone() {
        gone++;
    }

    void failed(Throwable cause) {
        say("failed " + cause);
    }

    /** An event that a connection has got, as its {@code count}th. */
    void came(long count, int size) {
        deliveries++;
        bytes += size;
        if (count % STEP == 0) {
            step(count / STEP);
        }
    }

    private void step(long number) {
        if (number - passed >= steps.length) {
            failed(new IllegalStateException("one connection is too far ahead of another"));
            return;
        }
        steps[slot(number)]++;
        boolean moved = false;
        while (steps[slot(passed + 1)] == connections) {
            steps[slot(passed + 1)] = 0;
            passed++;
            moved = true;
        }
        if (moved) {
            say("passed " + passed * STEP);
        }
    }

    private int slot(long number) {
        return (int) (number % steps.length);
    }

    /** When an event with a number happened: read once, however many get it. */
    long timeOf(long seq, ByteBuf in, int at) {
        int slot = (int) (seq % TIMES);
        if (seqs[slot] != seq) {
            seqs[slot] = seq;
            times[slot] = LoadFormat.time(in, at);
        }
        return times[slot];
    }

    /** Notes how old an event is that comes now. */
    void aged(long time) {
        ages.add(LoadFormat.nanos(Instant.now()) - time);
    }

    /** Forgets what was, for it was to warm up. */
    void reset() {
        ages.reset();
        deliveries = 0;
        bytes = 0;
        lost = 0;
        say("reset");
    }

    LoadResult result() {
        return new LoadResult(deliveries, bytes, lost, gone, ages.quantile(0.5), ages.quantile(0.99),
                ages.quantile(1));
    }

    private void say(String line) {
        parent.println(line);
    }
}
