package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Putting in order what others left, cut off or failing at each of its acts on the disk: whatever happens, the next
 * opening ends where an undisturbed one would have.
 */
final class OpeningFaultTest {
    private static final PluginId ID = id('a');
    private static final int MOST_ACTS = 100;

    @TempDir
    Path folder;

    private static Path upgraded;
    private static Path other;
    private static PluginRecord record;

    /** How a directory was left. */
    record Case(String name, Disorder disorder) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    interface Disorder {
        void make(Path plugin) throws IOException;
    }

    @BeforeAll
    static void makeTemplates(@TempDir Path templates) {
        upgraded = templates.resolve("plugins");
        try (StoreOnDisk on = StoreOnDisk.opened(upgraded)) {
            on.install(ID, "before");
            StagedPlugin staged = on.stage("now");
            record = PluginStoreContract.record(ID, staged);
            run(on.store.upgrade(staged, record));
            other = templates.resolve("other");
            DiskSnapshot.copy(on.store.rootfs(ID).resolveSibling("previous/rootfs"), other);
        }
    }

    static Stream<Case> disorders() {
        return Stream.of(
                new Case("an upgrade of dockerd's cut off between its renames",
                        plugin -> Files.move(plugin.resolve("rootfs"), plugin.resolve("rootfs-old"))),
                new Case("an upgrade of dockerd's that was not saved", plugin -> {
                    Files.move(plugin.resolve("rootfs"), plugin.resolve("rootfs-old"));
                    DiskSnapshot.copy(other, plugin.resolve("rootfs"));
                }),
                new Case("an upgrade of dockerd's that was saved",
                        plugin -> DiskSnapshot.copy(other, plugin.resolve("rootfs-old"))),
                new Case("an old engine's propagated mount", OpeningFaultTest::mountInside),
                new Case("a damaged previous version",
                        plugin -> Files.writeString(plugin.resolve("previous/config.json"), "{")));
    }

    private static void mountInside(Path plugin) throws IOException {
        String json = Files.readString(plugin.resolve("config.json"));
        Files.writeString(plugin.resolve("config.json"),
                json.replaceFirst("\"PropagatedMount\":\"\"", "\"PropagatedMount\":\"/data\""));
        Files.createDirectory(plugin.resolve("rootfs/data"));
        Files.writeString(plugin.resolve("rootfs/data/volume"), "precious");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("disorders")
    void endsInOrderAfterALossOfPowerAtEveryAct(Case left) throws IOException {
        survives(left, FaultyDisk.Fault.POWER_LOSS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("disorders")
    void endsInOrderAfterEveryActFailed(Case left) throws IOException {
        survives(left, FaultyDisk.Fault.FAILURE);
    }

    private void survives(Case left, FaultyDisk.Fault fault) throws IOException {
        Map<String, String> expected = opened(world(left, "undisturbed"));
        assertThat(expected).as("what there is to put in order")
                .isNotEqualTo(
                        shown(DiskSnapshot.of(world(left, "untouched").resolve(ID.hex()))));
        int act = 1;
        boolean reached = true;
        for (; reached && act < MOST_ACTS; act++) {
            Path root = world(left, "act" + act);
            try (var on = new StoreOnDisk(root)) {
                on.disk.arm(fault, act);
                PluginStoreContract.get(on.store.load().collectList().materialize());
                reached = on.disk.acts() >= act;
            }
            assertThat(opened(root)).as(left + ", " + fault + " at act " + act).isEqualTo(expected);
        }
        assertThat(act).as("acts").isBetween(10, MOST_ACTS - 1);
    }

    private Path world(Case left, String name) throws IOException {
        Path root = folder.resolve(name);
        DiskSnapshot.copy(upgraded, root);
        left.disorder().make(root.resolve(ID.hex()));
        return root;
    }

    /** What an undisturbed opening makes of a directory. */
    private static Map<String, String> opened(Path root) {
        try (var on = new StoreOnDisk(root)) {
            assertThat(on.load()).filteredOn(Loaded.Intact.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(Loaded.Intact.class,
                            loaded -> assertThat(loaded.record().config()).isEqualTo(record.config()));
            assertThat(on.unfinished()).isEmpty();
            assertThat(Files.readString(on.store.rootfs(ID).resolve("bin/sample"))).isEqualTo("now");
            return shown(DiskSnapshot.of(on.layout.plugin(ID)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> shown(DiskSnapshot snapshot) {
        Map<String, String> shown = new TreeMap<>();
        snapshot.entries()
                .forEach((path, entry) -> shown.put(path.replaceFirst("^damaged-[0-9a-f]{16}", "damaged"),
                        entry));
        return shown;
    }
}
