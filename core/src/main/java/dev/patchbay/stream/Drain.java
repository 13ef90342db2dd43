package dev.patchbay.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Work that looks for what there is to do, done by one thread at a time, however many ask for it.
 *
 * <p>Invariant: whoever raises {@code asked} from 0 has it scheduled, and it is repeated until it has brought {@code asked}
 * back to 0. So what was put somewhere before {@link #wake} is found, and the work needs no lock for what is its own.
 */
public final class Drain {
    private final AtomicInteger asked = new AtomicInteger();
    private final Consumer<Runnable> thread;
    private final Runnable work;

    /**
     * Makes one.
     *
     * @param thread where the work is done: all that it is given, one after the other; {@code Runnable::run} for where
     *     {@link #wake} is called
     * @param work must not throw
     */
    public Drain(Consumer<Runnable> thread, Runnable work) {
        this.thread = thread;
        this.work = work;
    }

    /** Has the work done once more, at least, from here on. On any thread, the work's own too; never waits. */
    public void wake() {
        if (asked.getAndIncrement() == 0) {
            thread.accept(this::run);
        }
    }

    private void run() {
        int missed = asked.get();
        do {
            work.run();
            missed = asked.addAndGet(-missed);
        } while (missed != 0);
    }
}
