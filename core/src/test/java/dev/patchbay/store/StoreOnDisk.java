package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A store on a real folder with a disk that can be told to fail, and the words in which tests speak of it. */
final class StoreOnDisk implements AutoCloseable {
    final FaultyDisk disk = new FaultyDisk();
    final Layout layout;
    final FileStore store;

    StoreOnDisk(Path root) {
        this(StoreConfig.at(root));
    }

    StoreOnDisk(StoreConfig config) {
        this(config, Clock.systemUTC());
    }

    StoreOnDisk(StoreConfig config, Clock clock) {
        layout = new Layout(config.root());
        store = FileStore.probed(config, disk, clock);
    }

    /** A store on a fresh folder, loaded. */
    static StoreOnDisk opened(Path root) {
        var opened = new StoreOnDisk(root);
        opened.load();
        return opened;
    }

    /** Opens the directory and waits until all is done that opening it has begun. */
    List<Loaded> load() {
        List<Loaded> found = PluginStoreContract.get(store.load().collectList());
        rest();
        return found;
    }

    /** Waits until nothing is being deleted or judged any more. */
    void rest() {
        PluginStoreContract.run(store.atRest());
    }

    StagedPlugin stage(String content) {
        return PluginStoreContract.get(
                store.stage(PluginStoreContract.NAME, PluginContexts.sample(content).publisher()));
    }

    PluginRecord install(PluginId id, String content) {
        StagedPlugin staged = stage(content);
        PluginRecord plugin = PluginStoreContract.record(id, staged);
        PluginStoreContract.run(store.install(staged, plugin));
        return plugin;
    }

    long collectGarbage() {
        return PluginStoreContract.get(store.collectGarbage(false)).bytes();
    }

    /** The blobs there are, by their digits. */
    List<String> blobs() {
        return DiskSnapshot.names(layout.blobs().resolve("sha256"));
    }

    /** What is in the staging area and in unfinished content. */
    List<String> unfinished() {
        return java.util.stream.Stream.of(layout.staging(), layout.ingests())
                .flatMap(folder -> DiskSnapshot.names(folder).stream())
                .toList();
    }

    @Override
    public void close() {
        PluginStoreContract.run(store.close());
    }
}
