package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.testing.HungFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets an exec root when those before come and go. */
@Timeout(60)
class ExecRootClaimTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    private Path folder;

    private ExecRootClaim claim() {
        return new ExecRootClaim(new Layout(folder.resolve("x"), folder.resolve("logs")));
    }

    @Test
    void isRefusedWhileAnotherOneHasIt() throws Exception {
        ExecRootClaim first = claim();
        first.take();
        first.take(); // it is ours
        assertThatThrownBy(claim()::take).isInstanceOf(RuntimeUnusable.class)
                .hasMessage("the exec root " + folder.resolve("x") + " is in use by another Patchbay in this"
                        + " process; stop that one, or choose another exec root");
        first.release(PATIENCE);
        ExecRootClaim next = claim();
        next.take();
        next.release(PATIENCE);
    }

    @Test
    void isNotKeptByWhoeverTakesItTooLate() throws Exception {
        ExecRootClaim closed = claim();
        closed.release(PATIENCE);
        closed.take(); // it was about to begin when its owner gave up
        assertThat(folder).isEmptyDirectory();
        ExecRootClaim next = claim();
        next.take();
        next.release(PATIENCE);
    }

    @Test
    @RequiresRoot
    void isGivenBackOnlyOnceNobodyTakesItAnyMoreOrTheDiskHangs() throws Exception {
        Path state = Files.createDirectories(folder.resolve("x").resolve(Layout.STATE));
        ExecRootClaim claim = claim();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> taking;
            var releasing = new FutureTask<>(() -> {
                claim.release(PATIENCE.multipliedBy(2)); // it is woken, and does not only lose patience
                return true;
            });
            try (HungFolder hung = HungFolder.over(state)) {
                taking = threads.submit(claim::take);
                assertThat(hung.awaitVictim(PATIENCE.toSeconds())).isTrue();
                long begin = System.nanoTime();
                claim.release(SHORT); // nobody waits for a disk for ever
                assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT.toNanos());
                Thread waiting = Thread.ofPlatform().daemon().start(releasing);
                while (waiting.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                assertThat(taking.isDone()).isFalse();
                assertThat(releasing.isDone()).isFalse();
            }
            releasing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThatThrownBy(() -> taking.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RuntimeUnusable.class);
        }
        ExecRootClaim next = claim();
        next.take();
        next.release(PATIENCE);
    }
}
