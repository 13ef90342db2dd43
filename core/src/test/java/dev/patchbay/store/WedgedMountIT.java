package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.RequiresRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that ended and left a file system in its propagated mount that nobody serves any more. */
@RequiresRoot
final class WedgedMountIT {
    private static final PluginId ID = id('a');

    @TempDir
    Path folder;

    private StoreOnDisk on;
    private PluginRecord plugin;
    private WedgedMount mount;

    @BeforeEach
    void mount() throws IOException {
        assumeTrue(WedgedMount.isPossible(), "there is no /dev/fuse");
        on = StoreOnDisk.opened(folder.resolve("plugins"));
        StagedPlugin staged = withMount();
        plugin = PluginStoreContract.record(ID, staged);
        run(on.store.install(staged, plugin));
        on.install(id('b'), "beside it");
        mount = WedgedMount.at(on.store.propagatedMount(ID));
    }

    @AfterEach
    void unmount() throws IOException {
        if (mount != null) {
            mount.close();
            on.close();
        }
    }

    @Test
    void opensADirectoryWithoutLookingAtIt() {
        List<Loaded> found = on.load();

        assertThat(found).hasSize(2).allMatch(Loaded.Intact.class::isInstance);
    }

    @Test
    void upgradesAndRollsBackWithoutLookingAtIt() {
        StagedPlugin staged = withMount();
        run(on.store.upgrade(staged, PluginStoreContract.record(ID, staged)));
        run(on.store.rollBack(plugin));

        assertThat(on.layout.plugin(ID).resolve("previous")).isDirectory();
    }

    @Test
    void removesAPluginWithIt() throws IOException {
        run(on.store.remove(ID));
        run(on.store.purge(ID));

        assertThat(DiskSnapshot.names(on.layout.root())).containsExactly(id('b').hex(), "patchbay.lock",
                "storage", "tmp");
        assertThat(MountTable.read().below(folder.toRealPath())).isEmpty();
    }

    private StagedPlugin withMount() {
        return PluginStoreContract.get(on.store.stage(PluginStoreContract.NAME, PluginContexts.empty()
                .file("config.json", """
                        {"Entrypoint":["/p"],"PropagatedMount":"/data",\
                        "Interface":{"Socket":"p.sock","Types":["docker.volumedriver/1.0"]}}""")
                .folder("rootfs/")
                .publisher()));
    }
}
