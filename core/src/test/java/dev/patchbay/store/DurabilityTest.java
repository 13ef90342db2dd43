package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.use.Holder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of syncs, which no test can see on a disk that does not lose power. */
final class DurabilityTest {
    @TempDir
    Path folder;

    private final List<String> acts = new CopyOnWriteArrayList<>();
    private final List<Set<String>> heldAtSyncs = new CopyOnWriteArrayList<>();
    private Path root;
    private FileStore store;
    private volatile String failing = "";
    private final AtomicInteger failures = new AtomicInteger(Integer.MAX_VALUE);

    @BeforeEach
    void open() {
        root = folder.resolve("plugins");
        store = FileStore.probed(StoreConfig.at(root), (step, path) -> act(step + " " + shown(path)),
                Clock.systemUTC());
        PluginStoreContract.get(store.load().collectList());
        run(store.atRest());
    }

    private void act(String act) throws IOException {
        acts.add(act);
        if (act.equals("SYNC tmp/.rootfsX")) {
            heldAtSyncs.add(held());
        }
        if (act.equals(failing) && failures.getAndDecrement() > 0) {
            throw new IOException("Input/output error");
        }
    }

    @AfterEach
    void close() {
        run(store.close());
    }

    @Test
    @DisplayName("syncs a record's data before its name, and its name before it answers (D45)")
    void syncsARecordD45() {
        PluginRecord plugin = installed();
        acts.clear();
        run(store.save(plugin));

        assertThat(acts).containsExactly("READ ID/config.json", "CREATE ID/.tmp-config.jsonX",
                "WRITE ID/.tmp-config.jsonX", "SYNC ID/.tmp-config.jsonX", "RENAME ID/config.json",
                "SYNC ID");
    }

    @Test
    void syncsTheOldRecordThatItPutsBackWhenItCannotSyncTheName() {
        PluginRecord plugin = installed();
        acts.clear();
        failing = "SYNC ID";
        assertThatThrownBy(() -> run(store.save(plugin))).isInstanceOf(StoreException.class);
        failing = "";

        assertThat(acts).containsSubsequence("RENAME ID/config.json", "SYNC ID",
                "CREATE ID/.tmp-config.jsonX",
                "WRITE ID/.tmp-config.jsonX", "SYNC ID/.tmp-config.jsonX", "RENAME ID/config.json");
    }

    @Test
    void doesNotSyncRuntimeRecords() {
        installed();
        acts.clear();
        run(store.saveRuntime(id('a'), new RuntimeRecord(1, 0, Instant.EPOCH)));

        assertThat(acts).containsExactly("CREATE ID/.tmp-patchbay.jsonX", "WRITE ID/.tmp-patchbay.jsonX",
                "RENAME ID/patchbay.json");
    }

    @Test
    void syncsWhoHoldsAPluginEachTimeAndWritesNothingIfNobodyEverDid() {
        installed();
        var holders = List.of(Holder.durable("one", "volume db"));
        acts.clear();
        run(store.saveHolders(id('a'), List.of()));
        assertThat(acts).containsExactly("READ ID/holders.json");
        acts.clear();
        run(store.saveHolders(id('a'), holders));
        assertThat(acts).containsExactly("READ ID/holders.json", "CREATE ID/.tmp-holders.jsonX",
                "WRITE ID/.tmp-holders.jsonX", "SYNC ID/.tmp-holders.jsonX", "RENAME ID/holders.json",
                "SYNC ID");
        acts.clear();
        run(store.saveHolders(id('a'), holders));
        assertThat(acts).as("it may be what a failed write left")
                .contains("SYNC ID/.tmp-holders.jsonX", "SYNC ID");
    }

    @Test
    void syncsAFolderAndItsRecordBeforeItAppears() {
        StagedPlugin staged = stage();
        acts.clear();
        run(store.install(staged, PluginStoreContract.record(id('a'), staged)));

        assertThat(acts).containsExactly("CREATE tmp/.pluginX", "RENAME tmp/.rootfsX", "SYNC tmp/.pluginX",
                "SYNC tmp",
                "CREATE tmp/.pluginX/.tmp-config.jsonX", "WRITE tmp/.pluginX/.tmp-config.jsonX",
                "SYNC tmp/.pluginX/.tmp-config.jsonX", "RENAME tmp/.pluginX/config.json", "SYNC tmp/.pluginX",
                "RENAME tmp/.pluginX", "SYNC ", "SYNC tmp");
    }

    @Test
    void syncsTheRootFileSystemAndEachBlobBeforeItHasAName() {
        acts.clear();
        stage();

        List<String> durable = acts.stream()
                .filter(act -> act.startsWith("SYNC") || act.startsWith("RENAME"))
                .toList();
        String data = "SYNC storage/ingest/H/data";
        String name = "RENAME storage/blobs/sha256/H";
        String names = "SYNC storage/blobs/sha256";
        assertThat(durable).containsExactly("SYNC tmp/.rootfsX", data, name, names, data, name, names, data,
                name,
                names);
    }

    @Test
    void sendsALargeContextToTheDiskWhileItUnpacksItAndAllOfItAtTheEnd() {
        acts.clear();
        stage(large());

        assertThat(acts.stream().filter("SYNC tmp/.rootfsX"::equals)).hasSize(2);
        assertThat(acts).containsSubsequence("WRITE storage/ingest/H/data", "SYNC tmp/.rootfsX",
                "SYNC storage/ingest/H/data");
    }

    @Test
    void holdsTheFolderOfAContextOpenFromBeforeTheFirstWriteToTheLastSync() {
        acts.clear();
        stage(large());

        holdsOneDescriptorFromBeforeTheFirstWriteToTheLastSync();
    }

    @Test
    void holdsTheFolderOfAnImageOpenFromBeforeTheFirstWriteToTheLastSync() {
        // Only what cannot be compressed makes a layer as large as it is that is sent to the disk before its end.
        byte[] noise = new byte[Math.toIntExact(EarlySync.STEP_BYTES)];
        new Random(1).nextBytes(noise);
        SampleImage sample = SampleImage.of(List.of(PluginContexts.empty().file("large", noise).bytes()));
        acts.clear();
        PluginStoreContract.get(
                store.stage(sample.image(), sample.source(), _ -> {}));

        holdsOneDescriptorFromBeforeTheFirstWriteToTheLastSync();
    }

    /** The kernel tells a descriptor of each write that went wrong while it was open, and of no other for certain. */
    private void holdsOneDescriptorFromBeforeTheFirstWriteToTheLastSync() {
        assertThat(acts.stream()
                .filter(act -> act.matches("OPEN tmp/.rootfsX|WRITE .*|SYNC tmp/.rootfsX"))
                .map(act -> act.startsWith("WRITE") ? "WRITE" : act)
                .distinct())
                .containsExactly("OPEN tmp/.rootfsX", "WRITE", "SYNC tmp/.rootfsX");
        assertThat(acts).filteredOn("OPEN tmp/.rootfsX"::equals).hasSize(1);
        assertThat(acts).filteredOn("SYNC tmp/.rootfsX"::equals).hasSize(2);
        assertThat(heldAtSyncs).hasSize(2).allMatch(held -> held.size() == 1);
        assertThat(Set.copyOf(heldAtSyncs)).as("one and the same").hasSize(1);
        assertThat(held()).isEmpty();
    }

    /** The descriptors of what is staged. */
    private Set<String> held() {
        return OpenDescriptors.in(root.resolve("tmp"));
    }

    @Test
    void letsGoOfTheFolderWhereverAStageFails() {
        acts.clear();
        stage(large());
        List<String> whole = acts.stream().distinct().toList();
        for (String act : whole) {
            failing = act;
            failures.set(1);
            try {
                stage(large());
            } catch (StoreException _) {
                // as it should; some acts only clean up, and a stage succeeds without
            }
            run(store.atRest());
            assertThat(held()).as("open after a failure to " + act).isEmpty();
        }
    }

    @Test
    void takesNoContextOfWhichAWriteWentWrongBeforeItsEnd() {
        acts.clear();
        failing = "SYNC tmp/.rootfsX";
        failures.set(1); // the kernel tells of it once, and to whoever syncs next
        assertThatThrownBy(() -> stage(large())).isInstanceOf(StoreException.class)
                .hasMessageContaining("Input/output error");
    }

    @Test
    void syncsARemovalBeforeItAnswers() {
        installed();
        acts.clear();
        run(store.remove(id('a')));

        assertThat(acts).containsExactly("RENAME ID", "SYNC ");
    }

    @Test
    void syncsEachStepOfAnUpgradeBeforeTheNext() {
        PluginRecord first = installed();
        StagedPlugin staged = stage();
        acts.clear();
        run(store.upgrade(staged, PluginStoreContract.record(id('a'), staged)));

        syncsDataBeforeNamesAndNamesAtOnce();
        assertThat(renames()).containsExactly("tmp/.rootfsX", "tmp/.pluginX/next.json", "tmp/.pluginX",
                "ID/rootfs", "ID/next/rootfs", "ID/next/next.json");
        acts.clear();
        run(store.rollBack(first));

        syncsDataBeforeNamesAndNamesAtOnce();
        assertThat(renames()).containsExactly("ID/previous/next.json", "ID/previous", "ID/rootfs",
                "ID/next/rootfs", "ID/next/next.json");
    }

    @Test
    void syncsABlobThatWasInMemoryBeforeItHasAName() {
        BlobHold hold = store.hold(List.of());
        acts.clear();
        PluginStoreContract.get(store.put(new byte[]{1}, hold));
        store.release(hold);

        syncsDataBeforeNamesAndNamesAtOnce();
        assertThat(renames()).containsExactly("storage/blobs/sha256/H");
    }

    @Test
    void syncsTheBlobsOfAnImportBeforeTheyHaveNames() {
        byte[] layout = LayoutStoreContract.layout(SampleImage.of("one"));
        acts.clear();
        store.release(PluginStoreContract.get(store.readLayout(PluginContexts.chunked(layout))).lease());

        syncsDataBeforeNamesAndNamesAtOnce();
        assertThat(renames()).isNotEmpty();
    }

    @Test
    void syncsWhatItMovesWhenItOpensADirectory() throws IOException {
        PluginRecord plugin = installed();
        Path folderOfPlugin = root.resolve(id('a').hex());
        Files.createDirectories(folderOfPlugin.resolve("rootfs/data"));
        DiskSnapshot.copy(folderOfPlugin.resolve("rootfs"), folderOfPlugin.resolve("rootfs-old"));
        Files.writeString(folderOfPlugin.resolve("rootfs-old/bin/sample"), "another version's");
        PluginConfig config = PluginJson.config("""
                {"interface":{"types":["docker.volumedriver/1.0"]},"propagatedMount":"/data"}"""
                .getBytes(StandardCharsets.UTF_8));
        run(store.save(plugin.withPlugin(new InstalledPlugin(config, false, id('a'), plugin.plugin().name(),
                "", Settings.initial(config)))));
        acts.clear();
        assertThat(PluginStoreContract.get(store.load().collectList())).hasSize(1);
        run(store.atRest());

        syncsDataBeforeNamesAndNamesAtOnce();
        assertThat(renames()).containsExactly("ID/rootfs-old", "ID/rootfs/data");
        assertThat(acts).containsSubsequence("RENAME ID/rootfs-old", "SYNC tmp", "SYNC ID",
                "RENAME ID/rootfs/data", "SYNC ID", "SYNC ID/rootfs");
        assertThat(acts).containsSubsequence("SYNC tmp", "SYNC ID", "DELETE tmp/.pluginX");
    }

    /** Of each file written, and of each act that gives a name; what is only noted beside unfinished content does not matter. */
    private void syncsDataBeforeNamesAndNamesAtOnce() {
        // Without what is done meanwhile to the trash, which needs no order.
        List<String> writes = acts.stream()
                .filter(act -> act.matches("(CREATE|WRITE|SYNC|RENAME) .*"))
                .toList();
        for (int i = 0; i < writes.size(); i++) {
            String act = writes.get(i);
            if (act.startsWith("RENAME ")) {
                assertThat(writes.get(i + 1)).as("after " + act).startsWith("SYNC ");
            } else if (act.startsWith("WRITE ") && !act.matches(".*/ingest/H/(ref|startedat|updatedat)")) {
                List<String> later = writes.subList(i, writes.size());
                int synced = later.indexOf("SYNC " + act.substring("WRITE ".length()));
                assertThat(synced).as("sync after " + act).isPositive();
                assertThat(later.subList(0, synced)).as("before the sync")
                        .noneMatch(between -> between.startsWith("RENAME "));
            }
        }
    }

    private List<String> renames() {
        return acts.stream()
                .filter(act -> act.startsWith("RENAME "))
                .map(act -> act.substring("RENAME ".length()))
                .toList();
    }

    private PluginRecord installed() {
        StagedPlugin staged = stage();
        PluginRecord plugin = PluginStoreContract.record(id('a'), staged);
        run(store.install(staged, plugin));
        return plugin;
    }

    private StagedPlugin stage() {
        return stage(PluginContexts.sample("one"));
    }

    private StagedPlugin stage(PluginContexts context) {
        return PluginStoreContract.get(store.stage(PluginStoreContract.NAME, context.publisher()));
    }

    /** A context that is sent to the disk once before its end. */
    private static PluginContexts large() {
        return PluginContexts.sample("one")
                .file("rootfs/large", new byte[Math.toIntExact(EarlySync.STEP_BYTES)]);
    }

    /** The path below the root, with ids, digests and random parts replaced. */
    private String shown(Path path) {
        return root.relativize(path)
                .toString()
                .replace(id('a').hex(), "ID")
                .replaceAll("[0-9a-f]{64}", "H")
                .replaceAll("(\\.plugin|\\.rootfs|\\.json)[0-9a-f]{16}", "$1X");
    }
}
