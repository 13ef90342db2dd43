package dev.patchbay.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes all threads that carry virtual ones, until it is closed: as many virtual threads as there are processors wait in a
 * class loader that the virtual machine has called, which keeps the carrier. No virtual thread goes on meanwhile.
 */
public final class HeldCarriers implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch held = new CountDownLatch(1);

    /** Takes them. */
    public static HeldCarriers take() throws InterruptedException {
        var taken = new HeldCarriers();
        int carriers = Integer.getInteger("jdk.virtualThreadScheduler.parallelism",
                Runtime.getRuntime().availableProcessors());
        var waiting = new CountDownLatch(carriers);
        for (int i = 0; i < carriers; i++) {
            var _ = Thread.ofVirtual().start(() -> taken.hold(waiting));
        }
        if (!waiting.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            taken.close();
            throw new IllegalStateException("not all carriers could be taken");
        }
        return taken;
    }

    private void hold(CountDownLatch waiting) {
        try {
            Class.forName("never.Found", false, new ClassLoader(null) {
                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    waiting.countDown();
                    try {
                        held.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    throw new ClassNotFoundException(name);
                }
            });
        } catch (ClassNotFoundException _) {
            // as it must be
        }
    }

    @Override
    public void close() {
        held.countDown();
    }
}
