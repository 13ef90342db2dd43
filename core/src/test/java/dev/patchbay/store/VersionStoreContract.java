package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.record;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What every {@link PluginStore} does with the versions of a plugin. */
public interface VersionStoreContract extends ImageStoreContract {
    /** Stages an image and makes it the new version. */
    default PluginRecord upgrade(SampleImage sample) {
        StagedPlugin staged = stage(sample);
        PluginRecord record = record(id('a'), staged);
        run(store().upgrade(staged, record));
        return record;
    }

    @Test
    @DisplayName("keeps the version before an upgrade, with its blobs (D14, D18)")
    default void keepsThePreviousVersion() {
        PluginRecord first = install(SampleImage.of("one"));
        var runtime = new RuntimeRecord(7, 3, Instant.EPOCH);
        run(store().saveRuntime(id('a'), runtime));
        PluginRecord second = upgrade(SampleImage.of("two"));

        assertThat(get(store().collectGarbage(false)).deleted()).isZero();
        assertThat(afterRestart()).singleElement().isInstanceOfSatisfying(Loaded.Intact.class, loaded -> {
            assertThat(loaded.record().config()).isEqualTo(second.config());
            assertThat(loaded.record().manifest()).isEqualTo(second.manifest());
            assertThat(loaded.record().blobsums()).isEqualTo(second.blobsums());
            assertThat(loaded.runtime()).contains(runtime);
            assertThat(loaded.previous().flatMap(PluginRecord::config)).isEqualTo(first.config());
        });
    }

    @Test
    default void keepsOneVersionBeforeTheUpgradeOnly() {
        PluginRecord first = install(SampleImage.of("one"));
        PluginRecord second = upgrade(SampleImage.of("two"));
        upgrade(SampleImage.of("three"));
        get(store().collectGarbage(false));

        assertThat(get(store().blobSize(second.config().orElseThrow()))).isPositive();
        StepVerifier.create(store().blobSize(first.blobsums().items().getFirst())).verifyComplete();
        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class, loaded -> assertThat(
                        loaded.previous().flatMap(PluginRecord::manifest)).isEqualTo(second.manifest()));
    }

    @Test
    default void rollsBackAndForthBetweenTwoVersions() {
        PluginRecord first = install(SampleImage.of("one"));
        PluginRecord second = upgrade(SampleImage.of("two"));
        run(store().rollBack(first));
        assertThat(versions()).containsExactly(first.manifest(), second.manifest());
        run(store().rollBack(second));
        assertThat(versions()).containsExactly(second.manifest(), first.manifest());
    }

    private List<Optional<Digest>> versions() {
        return afterRestart().stream().flatMap(loaded -> switch (loaded) {
            case Loaded.Intact(var now, _, var previous, _, _) ->
                Stream.of(now.manifest(), previous.flatMap(PluginRecord::manifest));
            case Loaded.Damaged(_, _, var reason) -> throw new AssertionError(reason);
            case Loaded.Notice(_, var problem) -> throw new AssertionError(problem);
        }).toList();
    }

    @Test
    default void refusesToRollBackWithoutAPreviousVersion() {
        PluginRecord installed = install(SampleImage.of("one"));

        StepVerifier.create(store().rollBack(installed))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContaining("previous"))
                .verify(PATIENCE);
    }

    @Test
    default void refusesToUpgradeWhatIsNotInstalledAndKeepsTheStagedOne() {
        StagedPlugin staged = stage(SampleImage.of("one"));

        StepVerifier.create(store().upgrade(staged, record(id('a'), staged)))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContaining(id('a').hex()))
                .verify(PATIENCE);
        assertThat(get(store().collectGarbage(false)).deleted()).isZero();
        run(store().install(staged, record(id('a'), staged)));
        assertThat(afterRestart()).hasSize(1);
    }
}
