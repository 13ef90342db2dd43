package dev.patchbay.simulation;

import dev.patchbay.simulation.Simulation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Many worlds, on a few threads, each world on one of them. Stops at the first that is bad. */
final class Seeds {
    private final long first;
    private final long count;
    private final Mutant mutant;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicReference<@Nullable Verdict> bad = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();

    Seeds(long first, long count, Mutant mutant) {
        this.first = first;
        this.count = count;
        this.mutant = mutant;
    }

    /** Begins to run them. */
    Seeds start(int side) {
        for (int number = 1; number <= side; number++) {
            threads.add(Thread.ofPlatform().name("simulation-" + number).start(this::work));
        }
        return this;
    }

    private void work() {
        long next = begun.getAndIncrement();
        while (next < count && bad.get() == null) {
            Verdict verdict = Simulation.run(first + next, mutant);
            ended.incrementAndGet();
            if (!verdict.isGood()) {
                boolean _ = bad.compareAndSet(null, verdict); // one is enough
            }
            next = begun.getAndIncrement();
        }
    }

    /** How many have ended. */
    long ended() {
        return ended.get();
    }

    /** Waits for all of them, for so many milliseconds at most. @return whether they are done */
    boolean await(long millis) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(millis);
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** One that was bad. */
    Optional<Verdict> bad() {
        return Optional.ofNullable(bad.get());
    }
}
