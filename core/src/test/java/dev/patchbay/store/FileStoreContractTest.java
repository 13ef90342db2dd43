package dev.patchbay.store;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class FileStoreContractTest implements PluginStoreContract, LayoutStoreContract {
    @TempDir
    Path folder;

    private FileStore store;

    @BeforeEach
    void open() {
        store = FileStore.at(StoreConfig.at(folder.resolve("plugins")));
        PluginStoreContract.get(store.load().collectList());
    }

    @AfterEach
    void close() {
        PluginStoreContract.run(store.close());
    }

    @Override
    public PluginStore store() {
        return store;
    }

    @Override
    public List<Loaded> afterRestart() {
        close();
        open();
        return PluginStoreContract.get(store.load().collectList());
    }
}
