package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Removing a plugin below which a folder of the host is still mounted. */
@RequiresRoot
final class MountedPluginIT {
    @TempDir
    Path folder;

    private Path host;
    private StoreOnDisk on;

    @BeforeEach
    void mount() throws IOException {
        host = Files.createDirectory(folder.resolve("host"));
        Files.writeString(host.resolve("precious"), "kept");
        on = StoreOnDisk.opened(folder.resolve("plugins"));
        on.install(id('a'), "one");
        Path place = Files.createDirectories(on.store.propagatedMount(id('a')).resolve("volume"));
        Mounts.bind(on.store.propagatedMount(id('a')), on.store.propagatedMount(id('a')));
        Mounts.bind(host, place);
    }

    @AfterEach
    void unmount() throws IOException {
        on.close();
        Mounts.unmountBelow(folder);
    }

    @Test
    void unmountsBeforeItDeletes() throws IOException {
        run(on.store.remove(id('a')));
        run(on.store.purge(id('a')));

        gone();
    }

    @Test
    @DisplayName("unmounts when it finishes a removal at the next start (D37)")
    void unmountsWhenItFinishesARemovalAtTheNextStartD37() throws IOException {
        run(on.store.remove(id('a')));
        assertThat(on.load()).isEmpty();

        gone();
    }

    private void gone() throws IOException {
        assertThat(DiskSnapshot.names(on.layout.root())).containsExactly("patchbay.lock", "storage", "tmp");
        assertThat(host.resolve("precious")).hasContent("kept");
        assertThat(MountTable.read().below(folder.toRealPath())).isEmpty();
    }
}
