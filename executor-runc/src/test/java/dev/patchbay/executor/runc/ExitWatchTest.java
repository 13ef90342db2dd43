package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitWatchTest {
    private static final int PATIENCE_SECONDS = 30;

    @TempDir
    private Path folder;

    @Test
    void anExitThatNoThreadCouldTellIsToldWithALaterLook() throws IOException {
        try (var folders = FolderWatch.open()) {
            var threads = new NoThreads(2);
            var watch = new ExitWatch(new Layout(folder.resolve("x"), folder.resolve("logs")), folders,
                    threads);
            var told = new AtomicInteger();
            Process monitor = new ProcessBuilder("true").start();
            watch.child(monitor, told::incrementAndGet);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (told.get() == 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                watch.lookAtAll();
            }
            watch.lookAtAll();
            assertThat(told).as("told once").hasValue(1);
            assertThat(threads.tried()).isEqualTo(3);
        }
    }
}
