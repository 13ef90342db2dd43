package dev.patchbay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** The watches watch: without this, a test run in which they are off would look the same. */
class WatchTest {

    @Test
    void blockHoundFailsABlockingCallOnANonBlockingThread() {
        Scheduler single = Schedulers.newSingle("watch-test", true);
        try {
            var blocked = Mono.fromCallable(() -> {
                new CountDownLatch(1).await(); // Reactor itself rejects only its own block()
                return 1;
            }).subscribeOn(single);
            assertThatThrownBy(() -> blocked.block(Duration.ofSeconds(30)))
                    .hasRootCauseInstanceOf(BlockingOperationError.class);
        } finally {
            single.dispose();
        }
    }

    @Test
    void aDroppedErrorIsHeard() {
        Operators.onErrorDropped(new IllegalStateException("nobody listens"), Context.empty());
        assertThat(DroppedSignals.expect()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDroppedValueIsHeardAndNotShown() {
        Operators.onNextDropped("secret", Context.empty());
        assertThat(DroppedSignals.expect()).singleElement()
                .asString()
                .contains("java.lang.String")
                .doesNotContain("secret");
    }

    @Test
    void aThreadThatIsLeftBehindIsFound() throws InterruptedException {
        Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
        var end = new CountDownLatch(1);
        var thread = Thread.ofPlatform().name("left-behind").start(() -> {
            try {
                end.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(LeftThreads.left(before, Duration.ofMillis(1))).containsExactly(thread);
        end.countDown();
        assertThat(LeftThreads.left(before, Duration.ofSeconds(30))).isEmpty();
    }
}
