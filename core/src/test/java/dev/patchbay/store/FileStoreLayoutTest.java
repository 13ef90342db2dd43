package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

/** What is on the disk, byte by byte: dockerd must be able to read it, and we what dockerd wrote. */
final class FileStoreLayoutTest {
    private static final PluginId ID = id('a');

    @TempDir
    Path folder;

    private Path root;
    private StoreOnDisk on;

    @BeforeEach
    void open() {
        root = folder.resolve("plugins");
        on = StoreOnDisk.opened(root);
    }

    @AfterEach
    void close() {
        on.close();
    }

    @Test
    void hasDockersModes() {
        PluginRecord plugin = on.install(ID, "one");
        Path blob = on.layout.blob(plugin.config().orElseThrow());

        assertThat(mode(root)).isEqualTo("rwx------");
        assertThat(mode(root.resolve("tmp"))).isEqualTo("rwx------");
        assertThat(mode(root.resolve("storage"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(root.resolve("storage/ingest"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(root.resolve("storage/blobs/sha256"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(blob)).isEqualTo("r--r--r--");
        assertThat(mode(root.resolve(ID.hex()))).isEqualTo("rwx------");
        assertThat(mode(root.resolve(ID.hex()).resolve("rootfs"))).isEqualTo("rwx------");
        assertThat(mode(root.resolve(ID.hex()).resolve("config.json"))).isEqualTo("rw-------");
    }

    @Test
    void writesTheRecordAsDockerDoes() throws IOException {
        PluginRecord plugin = on.install(ID, "one");
        run(on.store.save(plugin.withPlugin(plugin.plugin().withEnabled(true))));

        String diffId = plugin.plugin().config().rootfs().orElseThrow().diffIds().items().getFirst();
        String expected = """
                {"plugin":{"Config":{"Args":{"Description":"","Name":"","Settable":null,"Value":null},\
                "Description":"a sample","Documentation":"","Entrypoint":["/bin/sample"],\
                "Env":[{"Description":"","Name":"DEBUG","Settable":["value"],"Value":"0"}],\
                "Interface":{"Socket":"sample.sock","Types":["docker.volumedriver/1.0"]},"IpcHost":false,\
                "Linux":{"AllowAllDevices":false,"Capabilities":null,"Devices":null},"Mounts":null,\
                "Network":{"Type":""},"PidHost":false,"PropagatedMount":"","User":{},"WorkDir":"",\
                "rootfs":{"diff_ids":["%s"],"type":"layers"}},"Enabled":true,"Id":"%s",\
                "Name":"vieux/sample:latest","PluginReference":"vieux/sample:latest",\
                "Settings":{"Args":[],"Devices":[],"Env":["DEBUG=0"],"Mounts":[]}},\
                "Rootfs":"%s","Config":"%s","Blobsums":["%s"],"Manifest":"%s","SwarmServiceID":""}"""
                .formatted(diffId, ID.hex(), root.resolve(ID.hex()).resolve("rootfs"),
                        plugin.config().orElseThrow(),
                        plugin.blobsums().items().getFirst(), plugin.manifest().orElseThrow());
        assertThat(Files.readString(on.layout.record(ID))).isEqualTo(expected);
    }

    @Test
    void loadsADirectoryThatDockerWrote() throws IOException {
        // As engine 28.0 leaves it after an install from a registry: no root file system path, no layers (D19).
        String record = """
                {"plugin":{"Config":{"Args":{"Description":"","Name":"","Settable":null,"Value":null},\
                "Description":"","DockerVersion":"28.0.4","Documentation":"","Entrypoint":["/p"],"Env":null,\
                "Interface":{"Socket":"p.sock","Types":["docker.dummy/1.0"]},"IpcHost":false,\
                "Linux":{"AllowAllDevices":false,"Capabilities":null,"Devices":null},"Mounts":null,\
                "Network":{"Type":"host"},"PidHost":false,"PropagatedMount":"","User":{},"WorkDir":""},\
                "Enabled":true,"Id":"%s","Name":"vieux/p:latest","PluginReference":"docker.io/vieux/p:latest",\
                "Settings":{"Args":[],"Devices":[],"Env":[],"Mounts":[]}},"Rootfs":"","Config":"sha256:%s",\
                "Blobsums":null,"Manifest":"sha256:%s","SwarmServiceID":""}"""
                .formatted(ID.hex(), "1".repeat(64), "2".repeat(64));
        Path plugin = Files.createDirectories(root.resolve(ID.hex()));
        Files.createDirectory(plugin.resolve("rootfs"));
        Files.createDirectory(plugin.resolve("propagated-mount"));
        Files.writeString(plugin.resolve("config.json"), record);

        assertThat(on.load()).singleElement().isInstanceOfSatisfying(Loaded.Intact.class, loaded -> {
            assertThat(loaded.record().plugin().enabled()).isTrue();
            assertThat(loaded.record().plugin().reference()).isEqualTo("docker.io/vieux/p:latest");
            run(on.store.save(loaded.record()));
        });
        // Written back, only the path has been filled in.
        assertThat(Files.readString(plugin.resolve("config.json"))).isEqualTo(
                record.replace("\"Rootfs\":\"\"", "\"Rootfs\":\"" + plugin.resolve("rootfs") + "\""));
    }

    @Test
    void writesTheManifestToTheByte() throws IOException {
        StagedPlugin staged = on.stage("one");
        Digest layer = staged.layers().getFirst();

        assertThat(Files.readString(on.layout.blob(staged.manifestDigest()))).isEqualTo("""
                {"schemaVersion":2,\
                "config":{"mediaType":"application/vnd.docker.plugin.v1+json","digest":"%s","size":%d},\
                "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"%s","size":%d}],\
                "mediaType":"application/vnd.docker.distribution.manifest.v2+json"}"""
                .formatted(staged.configDigest(), Files.size(on.layout.blob(staged.configDigest())), layer,
                        Files.size(on.layout.blob(layer))));
    }

    @Test
    @DisplayName("records the digest of the unpacked layer, whatever the author wrote there (D12)")
    void recordsTrueDiffIdsD12() throws IOException {
        String config = "{\"entrypoint\":[\"/a\"],\"interface\":{\"types\":[\"docker.dummy/1.0\"],\"socket\":\"a.sock\"},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + "9".repeat(64) + "\"]}}";
        StagedPlugin staged = get(on.store.stage(PluginStoreContract.NAME,
                PluginContexts.empty().file("config.json", config).file("rootfs/a", "content").publisher()));

        byte[] packed = Files.readAllBytes(on.layout.blob(staged.layers().getFirst()));
        byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
        assertThat(staged.config().rootfs().orElseThrow().diffIds().items())
                .containsExactly(Digest.sha256(unpacked).toString());
        assertThat(Files.readString(on.layout.blob(staged.configDigest())))
                .endsWith("\"rootfs\":{\"diff_ids\":[\"" + Digest.sha256(unpacked)
                        + "\"],\"type\":\"layers\"}}\n");
        assertThat(staged.layers()).containsExactly(Digest.sha256(packed));
    }

    @Test
    void replacesALinkInsteadOfWritingThroughIt() throws IOException {
        PluginRecord plugin = on.install(ID, "one");
        Path outside = Files.writeString(folder.resolve("outside"), "untouched");
        Path runtime = on.layout.runtime(ID);
        Files.createSymbolicLink(runtime, outside);
        run(on.store.saveRuntime(ID, new RuntimeRecord(1, 0, Instant.EPOCH)));

        assertThat(runtime).isRegularFile();
        assertThat(Files.isSymbolicLink(runtime)).isFalse();
        assertThat(outside).hasContent("untouched");
        assertThat(plugin.plugin().id()).isEqualTo(ID);
    }

    @Test
    void refusesARecordThatIsALink() throws IOException {
        PluginRecord plugin = on.install(ID, "one");
        Path moved = Files.move(on.layout.record(ID), folder.resolve("moved"));
        Files.createSymbolicLink(on.layout.record(ID), moved);

        StepVerifier.create(on.store.save(plugin))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContaining("not a regular file"))
                .verify(PluginStoreContract.PATIENCE);
        assertThat(on.load()).singleElement().isInstanceOf(Loaded.Damaged.class);
    }

    @Test
    void streamsBlobsAndVerifiesThem() throws IOException {
        StagedPlugin staged = on.stage("one");
        Path blob = on.layout.blob(staged.manifestDigest());
        byte[] read = get(
                on.store.blob(staged.manifestDigest()).reduce(ByteBuffer.allocate(4096), ByteBuffer::put))
                .array();
        assertThat(new String(read, UTF_8).trim()).isEqualTo(Files.readString(blob));

        Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(blob, "rotten");
        StepVerifier.create(on.store.blob(staged.manifestDigest()).then())
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContaining("damaged"))
                .verify(PluginStoreContract.PATIENCE);
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
