package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

/** The claim to a directory, against another process. */
final class RootLockTest {
    @TempDir
    Path root;

    private StoreOnDisk on;

    @BeforeEach
    void begins() {
        on = new StoreOnDisk(root);
    }

    @AfterEach
    void ends() {
        on.close();
    }

    @Test
    void refusesADirectoryThatAnotherProcessHasUntilThatIsKilled() throws Exception {
        try (var other = LockingProcess.on(root.resolve("patchbay.lock"))) {
            assertThat(other.answer()).isEqualTo(LockingProcess.LOCKED);
            refused(on, "(process " + other.pid() + ")");

            other.kill();

            assertThat(on.load()).isEmpty();
        }
    }

    @Test
    void keepsOtherProcessesOutAlsoAfterASecondStoreOfThisOneWasRefused() throws Exception {
        on.load();
        try (var second = new StoreOnDisk(root)) {
            refused(second, "in this process");
        }

        try (var other = LockingProcess.on(root.resolve("patchbay.lock"))) {
            assertThat(other.answer()).isEqualTo(LockingProcess.REFUSED);
        }
        on.close();
        try (var other = LockingProcess.on(root.resolve("patchbay.lock"))) {
            assertThat(other.answer()).isEqualTo(LockingProcess.LOCKED);
        }
    }

    private void refused(StoreOnDisk store, String holder) {
        StepVerifier.create(store.store.load())
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContainingAll(root.toString(), "in use", holder))
                .verify(PluginStoreContract.PATIENCE);
    }
}
