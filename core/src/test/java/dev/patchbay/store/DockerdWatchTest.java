package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** A dockerd that uses the directory, on a host made of files. */
final class DockerdWatchTest {
    @TempDir
    Path folder;

    private Path proc;
    private Path root;

    @BeforeEach
    void makeHost() throws IOException {
        proc = Files.createDirectory(folder.resolve("proc"));
        Files.writeString(proc.resolve("locks"), "");
        Files.createDirectory(proc.resolve("self"));
        root = dataRoot("docker").resolve("plugins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"volumes/metadata.db", "network/files/local-kv.db", "buildkit/snapshots.db"})
    void refusesADirectoryWhoseDockerdRuns(String database) throws IOException {
        process("17", "bash", database("docker", database));
        process("4711", "dockerd", folder.resolve("gone"), database("docker", database));

        assertThatThrownBy(this::refuse).isInstanceOf(StoreException.class)
                .hasMessageContainingAll(root.toString(), "dockerd", "4711",
                        folder.resolve("docker").toString(),
                        "stop it");
    }

    @Test
    void seesADockerdThatCallsItsDataRootByAnotherName() throws IOException {
        Path alias = Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("docker"));
        process("4711", "dockerd", database("docker", "volumes/metadata.db"));

        assertThatThrownBy(() -> new DockerdWatch(proc).refuseInUse(alias.resolve("plugins")))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void leavesADockerdWithAnotherDataRootAlone() throws IOException {
        database("docker", "volumes/metadata.db"); // its own dockerd was stopped
        process("4711", "dockerd", database("other", "volumes/metadata.db"));

        assertThatCode(this::refuse).doesNotThrowAnyException();
    }

    @Test
    void leavesOtherProgramsAlone() throws IOException {
        process("4711", "backup", database("docker", "volumes/metadata.db"));

        assertThatCode(this::refuse).doesNotThrowAnyException();
    }

    @Test
    void passesOverProcessesThatItCannotLookInto() throws IOException {
        Path metadata = database("docker", "volumes/metadata.db");
        Files.createDirectory(proc.resolve("1")); // ended meanwhile
        Files.createDirectory(proc.resolve("2"));
        Files.writeString(proc.resolve("2/comm"), "dockerd\n"); // whose descriptors are hidden
        process("4711", "dockerd", metadata);

        assertThatThrownBy(this::refuse).hasMessageContaining("4711");
        Files.delete(proc.resolve("4711/comm"));
        assertThatCode(this::refuse).doesNotThrowAnyException();
    }

    @Test
    void refusesADirectoryWithAPluginThatStillRunsAfterItsDockerd() throws IOException {
        database("docker", "volumes/metadata.db");
        Path rootfs = Files.createDirectories(root.resolve("a".repeat(64)).resolve("rootfs"));
        shim("815", "{\"root\":{\"path\":\"" + rootfs + "\"}}");

        assertThatThrownBy(this::refuse).isInstanceOf(StoreException.class)
                .hasMessageContainingAll(rootfs.toString(), "still runs", "815", "disable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"root\":{\"path\":\"/var/lib/docker/overlay2/1/merged\"}}", "{\"root\":7}", "[", "",
                    "{\"root\":{\"path\":\"/\"}}", "{\"root\":{\"path\":\"\\u0000\"}}"})
    void leavesOtherContainersAlone(String spec) throws IOException {
        database("docker", "volumes/metadata.db");
        Files.createDirectories(root.resolve("a".repeat(64)).resolve("rootfs"));
        shim("815", spec);
        process("816", "containerd-shim"); // which has ended meanwhile

        assertThatCode(this::refuse).doesNotThrowAnyException();
    }

    @Test
    void refusesToLoadAndChangesNothing() throws IOException {
        process("4711", "dockerd", database("docker", "volumes/metadata.db"));
        FileStore store = FileStore.besideProcesses(StoreConfig.at(root), proc);

        StepVerifier.create(store.load())
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContaining("4711"))
                .verify(PluginStoreContract.PATIENCE);
        PluginStoreContract.run(store.close());
        assertThat(root).isEmptyDirectory();
    }

    private void refuse() {
        new DockerdWatch(proc).refuseInUse(root);
    }

    private Path dataRoot(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).resolve("plugins"));
        return folder.resolve(name);
    }

    private Path database(String dataRoot, String name) throws IOException {
        Path file = dataRoot(dataRoot).resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private void shim(String pid, String spec) throws IOException {
        process(pid, "containerd-shim");
        Path bundle = Files.createDirectories(folder.resolve("bundle"));
        Files.writeString(bundle.resolve("config.json"), spec);
        Files.createSymbolicLink(proc.resolve(pid).resolve("cwd"), bundle);
    }

    private void process(String pid, String name, Path... open) throws IOException {
        Path process = Files.createDirectory(proc.resolve(pid));
        Files.writeString(process.resolve("comm"), name + "\n");
        Path descriptors = Files.createDirectory(process.resolve("fd"));
        for (int i = 0; i < open.length; i++) {
            Files.createSymbolicLink(descriptors.resolve(Integer.toString(i)), open[i]);
        }
    }
}
