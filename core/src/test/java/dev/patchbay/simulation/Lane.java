package dev.patchbay.simulation;

import dev.patchbay.simulation.VirtualTime.Task;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A single thread that is none: a scheduler whose tasks run one after the other in {@link VirtualTime}. */
final class Lane implements Scheduler {
    private final VirtualTime time;
    private final BooleanSupplier alive;
    private final ArrayDeque<Task> waiting = new ArrayDeque<>();
    private boolean closed;
    private boolean stopped;

    /** Makes one that ends with the process that it belongs to. */
    Lane(VirtualTime time, BooleanSupplier alive) {
        this.time = time;
        this.alive = alive;
    }

    boolean isDead() {
        return stopped || !alive.getAsBoolean();
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    void put(Task task) {
        waiting.add(task);
    }

    @Nullable
    Task take() {
        return waiting.poll();
    }

    /** Does something on this lane after so many nanoseconds. */
    Disposable after(long delay, Runnable action) {
        return time.add(action, this, null, delay);
    }

    private Disposable employ(Runnable action, @Nullable Employee employee, long delay) {
        if (closed) {
            throw Exceptions.failWithRejected();
        }
        return time.add(action, this, employee, delay);
    }

    @Override
    public Disposable schedule(Runnable action) {
        return employ(action, null, 0);
    }

    @Override
    public Disposable schedule(Runnable action, long delay, TimeUnit unit) {
        return employ(action, null, unit.toNanos(delay));
    }

    @Override
    public Worker createWorker() {
        return new Employee(this);
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(time.now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void dispose() {
        closed = true;
        stopped = true;
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return Mono.create(sink -> {
            closed = true;
            time.add(sink::success, this, null, 0); // behind what waits
        });
    }

    @Override
    public boolean isDisposed() {
        return closed;
    }

    /** Tasks that are taken back together. */
    static final class Employee implements Worker {
        private final Lane lane;
        private boolean dismissed;

        Employee(Lane lane) {
            this.lane = lane;
        }

        @Override
        public Disposable schedule(Runnable action) {
            return schedule(action, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable action, long delay, TimeUnit unit) {
            if (dismissed) {
                throw Exceptions.failWithRejected();
            }
            return lane.employ(action, this, unit.toNanos(delay));
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
}
