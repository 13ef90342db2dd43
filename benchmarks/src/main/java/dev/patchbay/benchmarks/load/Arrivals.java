package dev.patchbay.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What came on all connections of a load generator. All of it belongs to the generator's one event loop, which tells its
 * parent on the way: {@code ready} when all are subscribed, {@code passed N} when all have got N events.
 */
final class Arrivals {
    /** How many events pass from one {@code passed} to the next. */
    static final int STEP = 32;

    private static final int TIMES = 1 << 16;
    private static final long SEED = 42;

    private final int connections;
    private final PrintStream parent;
    private final List<Subscriber> subscribers;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Ages ages = Ages.ofOneThread();
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
    private int resumed;
    private long slowDeliveries;
    private long slowGaps;
    private int slowGone;

    Arrivals(LoadPlan plan, PrintStream parent) {
        this.connections = plan.connections();
        this.subscribers = IntStream.range(0, connections)
                .mapToObj(number -> new Subscriber(plan.mix().habit(number)))
                .toList();
        this.parent = parent;
    }

    List<Subscriber> subscribers() {
        return subscribers;
    }

    /** A number from 0 on, below a bound; the same in each run. */
    long random(long bound) {
        return random.nextLong(bound);
    }

    void ready() {
        if (++ready == connections) {
            say("ready");
        }
    }

    void gap(Subscriber subscriber) {
        if (isSlow(subscriber)) {
            slowGaps++;
        } else {
            lost++;
        }
    }

    /** Those who are slow are told of gaps, which then are in the place of what does not fit. */
    void misfit(Subscriber subscriber) {
        if (!isSlow(subscriber)) {
            lost++;
        }
    }

    void gone(Subscriber subscriber) {
        if (isSlow(subscriber)) {
            slowGone++;
        } else {
            gone++;
        }
    }

    void resumed() {
        resumed++;
    }

    private static boolean isSlow(Subscriber subscriber) {
        return subscriber.habit() == Subscriber.Habit.SLOW;
    }

    void failed(Throwable cause) {
        say("failed " + cause);
    }

    /** An event that a subscriber has got. */
    void came(Subscriber subscriber, int size) {
        if (isSlow(subscriber)) {
            slowDeliveries++;
            return;
        }
        deliveries++;
        bytes += size;
        long count = subscriber.count();
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
        resumed = 0;
        slowDeliveries = 0;
        slowGaps = 0;
        say("reset");
    }

    LoadResult result() {
        return new LoadResult(deliveries, bytes, lost, behind(), gone, resumed,
                new LoadResult.Slow(slowDeliveries, slowGaps, slowGone), ages);
    }

    private int behind() {
        long newest = subscribers.stream().mapToLong(Subscriber::last).max().orElse(-1);
        return (int) subscribers.stream().filter(it -> !isSlow(it) && it.last() < newest).count();
    }

    private void say(String line) {
        parent.println(line);
    }
}
