package dev.patchbay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one clock and the one thread of a world. Tasks wait in {@link Lane}s, each first in, first out, as on a thread of
 * its own; which lane goes next is the seed's choice. Timers go off in the order of their times. Time passes when nothing
 * is ready, and sometimes although something is, as if threads were slow.
 */
final class VirtualTime {
    /** How often, in steps, the next timer overtakes what is ready. */
    private static final int SLOW_THREADS = 40;

    /** How long a thread waits for its turn at most before the next timer goes off. */
    private static final long SLOWEST = 500_000_000L;

    static final long MILLISECOND = 1_000_000L;
    static final long SECOND = 1000 * MILLISECOND;

    /** Something to do, at once or later, unless it is taken back before. */
    static final class Task implements reactor.core.Disposable, Comparable<Task> {
        private final Runnable action;
        private final Lane lane;
        private final Lane.@Nullable Employee employee;
        private final long due;
        private final long number;
        private boolean over;

        Task(Runnable action, Lane lane, Lane.@Nullable Employee employee, long due, long number) {
            this.action = action;
            this.lane = lane;
            this.employee = employee;
            this.due = due;
            this.number = number;
        }

        @Override
        public void dispose() {
            over = true;
        }

        @Override
        public boolean isDisposed() {
            return over;
        }

        boolean isOff() {
            return over || lane.isDead() || (employee != null && employee.isDisposed());
        }

        void run() {
            over = true;
            action.run();
        }

        @Override
        public int compareTo(Task other) {
            int order = Long.compare(due, other.due);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private final Chance chance;
    private final List<Lane> ready = new ArrayList<>();
    private final PriorityQueue<Task> timers = new PriorityQueue<>();
    private long now;
    private long numbers;
    private long steps;

    VirtualTime(Chance chance) {
        this.chance = chance;
    }

    /** Nanoseconds since the world began. */
    long now() {
        return now;
    }

    /** How many tasks were run. */
    long steps() {
        return steps;
    }

    /** Runs one task, after letting time pass if need be. @return false if there is nothing to do, ever */
    boolean step() {
        if (ready.isEmpty() || isOvertaken()) {
            ringNext();
        }
        while (!ready.isEmpty()) {
            int at = chance.below(ready.size());
            Lane lane = ready.get(at);
            Task task = lane.take();
            if (lane.isIdle()) {
                ready.set(at, ready.getLast());
                ready.removeLast();
            }
            if (task != null && !task.isOff()) {
                steps++;
                task.run();
                return true;
            }
        }
        return !timers.isEmpty();
    }

    private boolean isOvertaken() {
        Task next = timers.peek();
        while (next != null && next.isOff()) {
            timers.remove();
            next = timers.peek();
        }
        return next != null && next.due - now < SLOWEST && chance.oneIn(SLOW_THREADS);
    }

    private void ringNext() {
        while (!timers.isEmpty()) {
            Task timer = timers.remove();
            if (!timer.isOff()) {
                now = Math.max(now, timer.due);
                enter(timer);
                return;
            }
        }
    }

    /** Puts a task in, to be done after so many nanoseconds at the earliest. */
    Task add(Runnable action, Lane lane, Lane.@Nullable Employee employee, long delay) {
        var task = new Task(action, lane, employee, now + Math.max(0, delay), numbers++);
        if (delay <= 0) {
            enter(task);
        } else {
            timers.add(task);
        }
        return task;
    }

    private void enter(Task task) {
        if (task.lane.isIdle()) {
            ready.add(task.lane);
        }
        task.lane.put(task);
    }
}
