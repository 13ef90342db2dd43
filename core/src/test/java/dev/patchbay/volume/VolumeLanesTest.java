package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What is done to a volume for whoever asked, who may leave. */
@Timeout(60)
class VolumeLanesTest {
    private final VolumeThreads threads = VolumeThreads.start();
    private final Lanes lanes = new Lanes(threads);
    private final Disposable standing = lanes.pipeline().subscribe();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch undone = new CountDownLatch(1);
    private final Sinks.One<String> work = Sinks.one();

    @AfterEach
    void close() {
        lanes.close();
        standing.dispose();
        threads.stop().block(VolumeWorld.PATIENCE);
    }

    private Mono<String> asked() {
        return lanes.inTurn("db", caller -> {
            caller.undoIfGone(Mono.fromRunnable(undone::countDown));
            begun.countDown();
            return work.asMono();
        });
    }

    @Test
    void whatWasDoneForSomebodyWhoLeftBeforeTheAnswerIsUndoneBeforeAnythingElse()
            throws InterruptedException {
        Disposable asked = asked().subscribe();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        Mono<Long> next = lanes.inTurn("db", _ -> Mono.fromSupplier(undone::getCount)).cache();
        Disposable waiting = next.subscribe();
        asked.dispose();
        work.tryEmitValue("done").orThrow();
        assertThat(next.block(VolumeWorld.PATIENCE)).isZero();
        waiting.dispose();
    }

    @Test
    void whatWasDoneForSomebodyWhoStayedIsNotUndone() throws InterruptedException {
        Mono<String> answer = asked().cache();
        Disposable asked = answer.subscribe();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        work.tryEmitValue("done").orThrow();
        assertThat(answer.block(VolumeWorld.PATIENCE)).isEqualTo("done");
        assertThat(lanes.inTurn("db", _ -> Mono.fromSupplier(undone::getCount)).block(VolumeWorld.PATIENCE))
                .isEqualTo(1);
        asked.dispose();
    }
}
