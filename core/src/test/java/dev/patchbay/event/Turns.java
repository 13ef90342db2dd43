package dev.patchbay.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Threads that are none: nothing happens but in {@link #step}, and chance says whose turn it is. */
final class Turns {
    private final Random chance;
    private final List<Hand> busy = new ArrayList<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>(
            Comparator.comparingLong(Later::due).thenComparingLong(Later::number));
    private long now;
    private long number;
    private int life;

    private record Later(long due, long number, Runnable insert) {}

    Turns(Random chance) {
        this.chance = chance;
    }

    /** A thread, or as many as there are workers. */
    Scheduler scheduler() {
        return new Lanes();
    }

    /** What was scheduled until now does not happen. */
    void kill() {
        life++;
        busy.clear();
        later.clear();
    }

    /** One task. False if there is none that need not wait. */
    boolean step() {
        if (busy.isEmpty()) {
            return false;
        }
        Hand hand = busy.get(chance.nextInt(busy.size()));
        Job job = hand.jobs.remove();
        if (hand.jobs.isEmpty()) {
            busy.remove(hand);
        }
        job.run();
        return true;
    }

    /** Everything that need not wait. */
    void settle() {
        int steps = 0;
        while (step()) {
            steps++;
            if (steps > 1_000_000) {
                throw new AssertionError("it goes on for ever");
            }
        }
    }

    /** Lets time pass, and does what is due. */
    void pass(long nanos) {
        long until = now + nanos;
        while (!later.isEmpty() && later.peek().due() <= until) {
            Later next = later.remove();
            now = Math.max(now, next.due());
            next.insert().run();
            settle();
        }
        now = until;
    }

    private static final class Job implements Disposable {
        private final Runnable task;
        private boolean disposed;

        Job(Runnable task) {
            this.task = task;
        }

        void run() {
            if (!disposed) {
                disposed = true;
                task.run();
            }
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }

    /** One thread. */
    private final class Hand implements Scheduler.Worker {
        private final ArrayDeque<Job> jobs = new ArrayDeque<>();
        private final int bornIn = life;
        private boolean dismissed;

        private void add(Job job) {
            if (bornIn == life) {
                if (jobs.isEmpty()) {
                    busy.add(this);
                }
                jobs.add(job);
            }
        }

        @Override
        public Disposable schedule(Runnable task) {
            var job = new Job(() -> {
                if (!dismissed) {
                    task.run();
                }
            });
            add(job);
            return job;
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            var job = new Job(() -> {
                if (!dismissed) {
                    task.run();
                }
            });
            if (bornIn == life) {
                later.add(new Later(now + unit.toNanos(delay), ++number, () -> add(job)));
            }
            return job;
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            var all = Disposables.swap();
            all.update(schedule(() -> {
                task.run();
                if (!all.isDisposed()) {
                    all.update(schedulePeriodically(task, period, period, unit));
                }
            }, initialDelay, unit));
            return all;
        }

        @Override
        public void dispose() {
            dismissed = true;
        }

        @Override
        public boolean isDisposed() {
            return dismissed;
        }
    }

    private final class Lanes implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            return createWorker().schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return createWorker().schedule(task, delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return createWorker().schedulePeriodically(task, initialDelay, period, unit);
        }

        @Override
        public Worker createWorker() {
            return new Hand();
        }

        @Override
        public long now(TimeUnit unit) {
            return unit.convert(now, TimeUnit.NANOSECONDS);
        }

        @Override
        public Mono<Void> disposeGracefully() {
            return Mono.empty();
        }

        @Override
        public void dispose() {
            // turns go on
        }
    }
}
