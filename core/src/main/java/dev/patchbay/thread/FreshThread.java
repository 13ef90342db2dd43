package dev.patchbay.thread;

import java.util.concurrent.Executor;

/**
 * A thread for one piece of work, which may block; a daemon that ends with it.
 *
 * <p>Never a virtual one, here or anywhere else in Patchbay. One that waits for a class to be loaded keeps its
 * carrier, since the virtual machine called the loader, and there are as many carriers as processors. Once each is held so,
 * whoever has the loader's lock may be waiting for a lock that was handed to a virtual thread without a carrier, and
 * nothing goes on any more: a daemon on two processors was seen to hang like that while it started.
 */
public final class FreshThread {
    private FreshThread() {}

    /** Begins the work. */
    public static void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    /** One for each piece of work that it is given. It has nothing that would have to be ended. */
    public static Executor each(String name) {
        return work -> start(name, work);
    }
}
