package dev.patchbay.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Work that looks for what there is to do, done by one thread at a time, however many ask for it.
 *
 * <p>Invariant: whoever raises {@code asked} from 0 has it scheduled, and it is repeated until it has brought {@code asked}
 * back to 0. So what was put somewhere before {@link #wake} is found, and the work needs no lock for what is its own. Who
 * cannot have it scheduled brings {@code asked} back to 0 instead, if nobody raised it since it tried, and tries again
 * if somebody did: after each wake there is a try.
 */
public final class Drain {
    private final AtomicInteger asked = new AtomicInteger();
    private final Consumer<Runnable> thread;
    private final Runnable work;

    /**
     * Makes one.
     *
     * @param thread where the work is done: all that it is given, one after the other; {@code Runnable::run} for where
     *     {@link #wake} is called; may throw if it does not take something, and only then
     * @param work must not throw
     */
    public Drain(Consumer<Runnable> thread, Runnable work) {
        this.thread = thread;
        this.work = work;
    }

    /**
     * Has the work done once more, at least, from here on. On any thread, the work's own too; never waits.
     *
     * <p>Throws what the thread throws that does not take it. Then nobody does the work until the next wake, which tries anew,
     * and others who asked meanwhile are not told.
     */
    public void wake() {
        if (asked.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        while (true) {
            int mine = asked.get();
            try {
                thread.accept(this::run);
                return;
            } catch (Throwable e) {
                if (asked.compareAndSet(mine, 0)) {
                    throw e;
                }
            }
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
