package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.syscall.FileClaim;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One holder at a time, by whatever path and whoever loaded the class, and nobody who is refused costs the holder its lock. */
final class FileClaimTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void named() {
        file = folder.resolve("lock");
    }

    @Test
    void isRefusedHereUntilItIsGivenBack() throws Exception {
        try (FileClaim _ = FileClaim.take(file)) {
            assertThatExceptionOfType(FileClaim.Refused.class).isThrownBy(() -> FileClaim.take(file))
                    .matches(FileClaim.Refused::isHere);
            Path other = Files.createLink(folder.resolve("other"), file);
            assertThatExceptionOfType(FileClaim.Refused.class).isThrownBy(() -> FileClaim.take(other))
                    .matches(FileClaim.Refused::isHere);
            assertRefusedElsewhere();
        }
        FileClaim.take(file).close();
    }

    @Test
    void isTheHoldersStillAfterAnotherClassLoaderWasRefused() throws Exception {
        URL classes = FileClaim.class.getProtectionDomain().getCodeSource().getLocation();
        try (var loader = new URLClassLoader(new URL[]{classes}, ClassLoader.getPlatformClassLoader())) {
            Method take = loader.loadClass(FileClaim.class.getName()).getMethod("take", Path.class);
            FileClaim claim = FileClaim.take(file);
            for (int times = 0; times < 2; times++) {
                assertThatThrownBy(() -> take.invoke(null, file))
                        .isInstanceOf(InvocationTargetException.class)
                        .cause()
                        .hasMessageContaining("is locked");
            }
            assertRefusedElsewhere();
            claim.close();
            try (var theirs = (AutoCloseable) take.invoke(null, file)) {
                assertThat(theirs).isNotNull();
                assertRefusedElsewhere();
            }
        }
    }

    @Test
    void hasOneHolderOfManyThatTryAtOnce() throws Exception {
        var held = new ConcurrentLinkedQueue<FileClaim>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(Collections.nCopies(64, () -> held.add(FileClaim.take(file))));
        }
        assertThat(held).hasSize(1);
        assertRefusedElsewhere();
        held.element().close();
    }

    private void assertRefusedElsewhere() throws Exception {
        try (var other = LockingProcess.on(file)) {
            assertThat(other.answer()).isEqualTo(LockingProcess.REFUSED);
        }
    }
}
