package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
    private static final int FOLDERS = 1500;

    @TempDir
    Path temp;

    @Test
    void watchesManyFoldersThatComeAllAtOnce() throws Exception {
        var changed = new CountDownLatch(FOLDERS);
        FolderWatch watch = FolderWatch.open(); // not closed after a failure, which would wait for what hangs
        List<CompletableFuture<WatchKey>> keys = new ArrayList<>();
        for (int number = 0; number < FOLDERS; number++) {
            Path folder = Files.createDirectory(temp.resolve(String.valueOf(number)));
            var key = new CompletableFuture<WatchKey>();
            keys.add(key);
            Thread.ofVirtual()
                    .start(() -> key.completeAsync(() -> register(watch, folder, changed), Runnable::run));
        }
        CompletableFuture.allOf(keys.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);

        for (int number = 0; number < FOLDERS; number++) {
            Files.createFile(temp.resolve(number + "/file"));
        }
        assertThat(changed.await(30, TimeUnit.SECONDS)).isTrue();
        keys.forEach(key -> watch.cancel(key.join()));
        watch.close();
    }

    private static WatchKey register(FolderWatch watch, Path folder, CountDownLatch changed) {
        try {
            return watch.register(folder, (_, _) -> changed.countDown());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
