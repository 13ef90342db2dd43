package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

final class InMemoryStoreTest implements PluginStoreContract, LayoutStoreContract {
    private final InMemoryStore store = new InMemoryStore();

    @Override
    public PluginStore store() {
        return store;
    }

    @Override
    public List<Loaded> afterRestart() {
        return PluginStoreContract.get(store.load().collectList());
    }

    @Test
    void failsTheNextWriteOnlyAndThenChangesNothing() {
        var installed = install(PluginStoreContract.id('a'), "one");
        store.failNextWrite(new StoreException("disk full", null));

        StepVerifier.create(store.save(installed.withPlugin(installed.plugin().withEnabled(true))))
                .verifyErrorMessage("disk full");
        assertThat(store.kept(PluginStoreContract.id('a')).orElseThrow().record().plugin().enabled())
                .isFalse();
        StepVerifier.create(store.save(installed)).verifyComplete();
    }

    @Test
    void takesAsLongAsItIsToldOnTheGivenScheduler() {
        var installed = install(PluginStoreContract.id('a'), "one");
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        store.delayWrites(Duration.ofSeconds(5), time);

        StepVerifier.create(store.save(installed))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(4999)))
                .then(() -> assertThat(store.done()).doesNotContain(InMemoryStore.Operation.SAVE))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectComplete()
                .verify(PATIENCE);
    }
}
