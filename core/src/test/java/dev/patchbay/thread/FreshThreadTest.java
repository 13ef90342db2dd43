package dev.patchbay.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testing.HeldCarriers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Schedulers;

@Timeout(60)
class FreshThreadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void theWorkHasADaemonOfThatNameToItself() {
        var seen = new CompletableFuture<Thread>();
        FreshThread.start("fresh-test", () -> seen.complete(Thread.currentThread()));
        Thread thread = seen.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(thread.getName()).isEqualTo("fresh-test");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void workOfTheSameNameDoesNotWaitForEachOther() throws InterruptedException {
        var both = new CountDownLatch(2);
        Runnable meet = () -> {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        var threads = FreshThread.each("fresh-test");
        threads.execute(meet);
        threads.execute(meet);
        assertThat(both.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSchedulerEndsWhileNoVirtualThreadGoesOn() throws InterruptedException {
        try (var _ = HeldCarriers.take()) {
            GracefulScheduler.of(Schedulers.newSingle("fresh-test", true))
                    .disposeGracefully()
                    .block(PATIENCE);
        }
    }
}
