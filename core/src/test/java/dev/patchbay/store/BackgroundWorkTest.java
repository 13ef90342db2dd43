package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.record;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** What is deleted or judged after a directory was opened, or a plugin upgraded, while others go on. */
final class BackgroundWorkTest {
    private static final PluginId PLUGIN = id('a');
    private static final PluginId OTHER = id('b');

    @TempDir
    Path folder;

    private final SlowDisk disk = new SlowDisk();
    private Layout layout;
    private FileStore store;

    @BeforeEach
    void open() {
        var config = StoreConfig.at(folder.resolve("plugins"));
        layout = new Layout(config.root());
        store = FileStore.probed(config, disk, Clock.systemUTC());
        load();
    }

    @AfterEach
    void close() {
        disk.goOn();
        run(store.close());
    }

    private void reopen() {
        disk.goOn();
        run(store.close());
        open();
    }

    private List<Loaded> load() {
        return get(store.load().collectList());
    }

    private PluginRecord install(PluginId id, String content) {
        StagedPlugin staged = stage(content);
        PluginRecord plugin = record(id, staged);
        run(store.install(staged, plugin));
        return plugin;
    }

    private StagedPlugin stage(String content) {
        return get(store.stage(PluginStoreContract.NAME, PluginContexts.sample(content).publisher()));
    }

    private void upgrade(String content) {
        StagedPlugin staged = stage(content);
        run(store.upgrade(staged, record(PLUGIN, staged)));
    }

    private void awaitNothingBegunAnyMore() {
        run(Mono.defer(() -> store.saveHolders(PLUGIN, List.of()))
                .then(Mono.<Void>error(new IllegalStateException("not closed yet")))
                .onErrorResume(e -> String.valueOf(e.getMessage()).contains("the plugin store is closed"),
                        _ -> Mono.empty())
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(2))));
    }

    private void nothingIsLeft() {
        run(store.atRest());
        assertThat(DiskSnapshot.names(layout.staging())).isEmpty();
        assertThat(DiskSnapshot.names(layout.ingests())).isEmpty();
        assertThat(DiskSnapshot.names(layout.root())).noneMatch(name -> name.endsWith("-removing"));
    }

    @Test
    @DisplayName("opens a directory before it deletes what an earlier process left of a removal (D37)")
    void opensBeforeItDeletesRemovedPluginsD37() {
        install(PLUGIN, "goes");
        install(OTHER, "stays");
        run(store.remove(PLUGIN));
        disk.holdUp(DiskStep.DELETE, "/tmp/.plugin");

        assertThat(load()).hasSize(1).allMatch(Loaded.Intact.class::isInstance);
        disk.awaitHeldUp();
        assertThat(store.rootfs(OTHER)).isDirectory();
        disk.goOn();
        nothingIsLeft();
    }

    @Test
    @DisplayName("opens a directory before it deletes what an earlier process staged (D43, D44)")
    void opensBeforeItDeletesStagedFilesD43() throws IOException {
        Files.createDirectories(layout.staging().resolve(".rootfsleft/bin"));
        Files.createDirectories(layout.ingests().resolve("0".repeat(64)));
        disk.holdUp(DiskStep.DELETE, "/tmp/.rootfsleft");

        assertThat(load()).isEmpty();
        disk.awaitHeldUp();
        StagedPlugin staged = stage("meanwhile");
        disk.goOn();
        run(store.atRest());
        run(store.install(staged, record(PLUGIN, staged)));
        nothingIsLeft();
    }

    @Test
    void closesWithoutDeletingTheRestWhichTheNextOpeningDeletes() throws IOException {
        Files.createDirectories(layout.staging().resolve(".rootfs1/bin"));
        Files.createDirectories(layout.staging().resolve(".rootfs2/bin"));
        disk.holdUp(DiskStep.DELETE, "/tmp/.rootfs");
        load();
        disk.awaitHeldUp();
        var closed = store.close().toFuture();
        awaitNothingBegunAnyMore();
        disk.goOn();
        run(Mono.fromFuture(closed));
        assertThat(DiskSnapshot.names(layout.staging())).isNotEmpty();

        open();
        nothingIsLeft();
    }

    @Test
    void upgradesWithoutWaitingUntilTheOldestVersionIsDeleted() {
        install(PLUGIN, "oldest");
        upgrade("older");
        disk.holdUp(DiskStep.DELETE, "/tmp/.plugin");
        upgrade("new");

        disk.awaitHeldUp();
        assertThat(store.rootfs(PLUGIN).resolve("bin/sample")).hasContent("new");
        disk.goOn();
        nothingIsLeft();
    }

    @Test
    void removesAPluginAgainWhoseEarlierRemovalIsNotOver() {
        install(PLUGIN, "first");
        run(store.remove(PLUGIN));
        install(PLUGIN, "second");
        disk.holdUp(DiskStep.DELETE, "/tmp/.plugin");
        run(store.remove(PLUGIN));
        disk.awaitHeldUp();

        disk.goOn();
        run(store.purge(PLUGIN));
        nothingIsLeft();
        assertThat(load()).isEmpty();
    }

    /** As dockerd leaves them when it is killed in the middle: the old one aside, the new one in its place. */
    private void cutOffUpgrade(Path from) throws IOException {
        Path rootfs = layout.rootfs(PLUGIN);
        Files.move(rootfs, rootfs.resolveSibling("rootfs-old"));
        DiskSnapshot.copy(from, rootfs);
    }

    private void heldUpJudgement() throws IOException {
        PluginRecord plugin = install(PLUGIN, "old");
        install(OTHER, "new");
        cutOffUpgrade(layout.rootfs(OTHER));
        disk.holdUp(DiskStep.READ, plugin.blobsums().items().getFirst().hex());
    }

    @Test
    @DisplayName("opens a directory before it knows how an upgrade by dockerd ends, which holds up its plugin only (D18)")
    void opensBeforeItKnowsHowAnUpgradeEndsD18() throws IOException {
        heldUpJudgement();

        assertThat(load()).hasSize(2).allMatch(Loaded.Intact.class::isInstance);
        disk.awaitHeldUp();
        assertThat(store.rootfs(OTHER)).isDirectory();
        assertThatThrownBy(() -> store.rootfs(PLUGIN)).isInstanceOf(StoreException.class)
                .hasMessageContaining("being found out");
        disk.goOn();
        nothingIsLeft();
        assertThat(store.rootfs(PLUGIN).resolve("bin/sample")).hasContent("old");
    }

    @Test
    void changesNoVersionAsLongAsItIsNotKnownWhichRootFileSystemIsInUse() throws IOException {
        heldUpJudgement();
        load();
        disk.awaitHeldUp();
        StagedPlugin staged = stage("newest");

        assertThatThrownBy(() -> run(store.upgrade(staged, record(PLUGIN, staged))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be used yet");
        assertThatThrownBy(() -> run(store.rollBack(record(PLUGIN, staged))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be used yet");
        disk.goOn();
        run(store.atRest());
        run(store.upgrade(staged, record(PLUGIN, staged)));
        assertThat(store.rootfs(PLUGIN).resolve("bin/sample")).hasContent("newest");
    }

    @Test
    void removesAPluginWhoseRootFileSystemIsBeingJudged() throws IOException {
        heldUpJudgement();
        load();
        disk.awaitHeldUp();
        run(store.remove(PLUGIN));
        run(store.purge(PLUGIN));

        nothingIsLeft(); // though the disk still holds up whoever reads the layers: the judge has left
        assertThat(load()).hasSize(1);
        assertThat(store.notices()).isEmpty();
    }

    @Test
    void closesInTheMiddleOfAJudgementWhichTheNextOpeningMakes() throws IOException {
        heldUpJudgement();
        load();
        disk.awaitHeldUp();
        run(store.close());
        assertThat(layout.rootfs(PLUGIN).resolveSibling("rootfs-old")).isDirectory();

        reopen();
        run(store.atRest());
        assertThat(store.rootfs(PLUGIN).resolve("bin/sample")).hasContent("old");
        nothingIsLeft();
    }
}
