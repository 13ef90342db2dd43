package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.archive.TreeDeletion;
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

    /**
     * How a directory was left.
     *
     * @param kept a file of the plugin that must be there when it is in order
     */
    record Case(String name, String kept, Disorder disorder) {
        Case(String name, Disorder disorder) {
            this(name, "rootfs/bin/sample", disorder);
        }

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
                new Case("an upgrade of dockerd's that nothing decides", plugin -> {
                    DiskSnapshot.copy(other, plugin.resolve("rootfs-old"));
                    Files.writeString(plugin.resolve("rootfs/bin/more"), "as the plugin left it");
                    Files.writeString(plugin.resolve("rootfs-old/bin/sample"), "now");
                }),
                new Case("an upgrade of dockerd's that was not saved, of an old engine's plugin",
                        "propagated-mount/volume", plugin -> {
                            mountInside(plugin);
                            Files.move(plugin.resolve("rootfs"), plugin.resolve("rootfs-old"));
                            DiskSnapshot.copy(other, plugin.resolve("rootfs"));
                            Files.createDirectory(plugin.resolve("rootfs/data"));
                        }),
                new Case("a removal, a create and a pull that were cut off", plugin -> {
                    Path root = plugin.resolveSibling(id('c').hex() + "-removing");
                    DiskSnapshot.copy(plugin, root);
                    DiskSnapshot.copy(other, plugin.resolveSibling("tmp").resolve(".rootfs1"));
                    Files.createDirectories(plugin.resolveSibling("storage/ingest").resolve("0".repeat(64)));
                }),
                new Case("an old engine's propagated mount", "propagated-mount/volume",
                        OpeningFaultTest::mountInside),
                new Case("a damaged previous version",
                        plugin -> Files.writeString(plugin.resolve("previous/config.json"), "{")));
    }

    private static void mountInside(Path plugin) throws IOException {
        String json = Files.readString(plugin.resolve("config.json"));
        Files.writeString(plugin.resolve("config.json"),
                json.replaceFirst("\"PropagatedMount\":\"\"", "\"PropagatedMount\":\"/data\""));
        Files.createDirectory(plugin.resolve("rootfs/data"));
        Files.writeString(plugin.resolve("rootfs/data/volume"), "precious");
        TreeDeletion.delete(plugin.resolve("previous")); // which old engines do not keep
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
                .isNotEqualTo(shown(world(left, "untouched")));
        assertThat(expected).containsKey(ID.hex() + "/" + left.kept());
        int act = 1;
        boolean reached = true;
        for (; reached && act < MOST_ACTS; act++) {
            Path root = world(left, "act" + act);
            try (var on = new StoreOnDisk(root)) {
                on.disk.arm(fault, act);
                PluginStoreContract.get(on.store.load().collectList().materialize());
                on.rest();
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
            return shown(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All but the content, with names that are made up replaced. */
    private static Map<String, String> shown(Path root) {
        Map<String, String> shown = new TreeMap<>();
        DiskSnapshot.of(root).entries().forEach((path, entry) -> {
            if (!path.startsWith("storage/blobs")) {
                shown.put(path.replaceFirst("(damaged|undecided)-[0-9a-f]{16}", "$1"), entry);
            }
        });
        return shown;
    }
}
