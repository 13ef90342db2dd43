package dev.patchbay.image;

import static dev.patchbay.image.Manifests.CONFIG;
import static dev.patchbay.image.Manifests.ONE;
import static dev.patchbay.image.Manifests.TWO;
import static dev.patchbay.image.Manifests.bytes;
import static dev.patchbay.image.Manifests.config;
import static dev.patchbay.image.Manifests.descriptor;
import static dev.patchbay.image.Manifests.image;
import static dev.patchbay.image.Manifests.layer;
import static dev.patchbay.image.Manifests.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plugin put together from its parts, and its manifest made anew. */
class PluginImageTest {
    private static final String JSON = """
            {"description":"d","entrypoint":["/bin/p"],
             "interface":{"socket":"p.sock","types":["docker.volumedriver/1.0"]},
             "network":{"type":"none"},"rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(ONE);

    @Test
    void putsAPluginTogether() {
        RawManifest raw = raw("application/json", image(described(JSON), layer(ONE)));

        PluginImage image = PluginImage.of(raw, parsed(raw), bytes(JSON));

        assertThat(image.parsed().description()).isEqualTo("d");
        assertThat(image.layers()).containsExactly(new Descriptor(MediaType.DOCKER_LAYER_GZIP, ONE, 3));
        assertThat(image.manifest().mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
        assertThat(image.manifest().bytes()).isEqualTo(raw.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {MediaType.DOCKER_LAYER, MediaType.DOCKER_LAYER_GZIP, MediaType.DOCKER_LAYER_ZSTD,
            MediaType.OCI_LAYER, MediaType.OCI_LAYER_GZIP, MediaType.OCI_LAYER_ZSTD})
    void takesLayersOfDockerAndOci(String mediaType) {
        manifest(config(), descriptor(mediaType, ONE, 3)).requirePlugin("a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/vnd.docker.image.rootfs.foreign.diff.tar.gzip       | do not pass on
            application/vnd.oci.image.layer.nondistributable.v1.tar+zstd    | do not pass on
            application/vnd.cncf.helm.chart.content.v1.tar+gzip             | unknown type "application/vnd.cncf.helm
            """)
    void refusesOtherLayers(String mediaType, String sentence) {
        ImageManifest manifest = manifest(config(), descriptor(mediaType, ONE, 3));

        assertThatThrownBy(() -> manifest.requirePlugin("a"))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void refusesAnOrdinaryImageInDockersWords() {
        String ordinary = descriptor("application/vnd.docker.container.image.v1+json", CONFIG, 6);

        assertThatThrownBy(() -> manifest(ordinary, layer(ONE)).requirePlugin("example.com/a:1"))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageStartingWith("did not find plugin config for specified reference example.com/a:1");
    }

    @Test
    void saysHowToCopyAPluginWhoseConfigurationAConversionEmptied() {
        String emptied = descriptor("application/vnd.oci.image.config.v1+json", CONFIG, 6);

        assertThatThrownBy(() -> manifest(emptied, layer(ONE)).requirePlugin("a"))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("--preserve-digests");
    }

    @Test
    void refusesAManifestThatLostItsLayersD19() {
        assertThatThrownBy(() -> manifest(config()).requirePlugin("a"))
                .hasMessageContaining("names no layers");
        String none = image(config()).replace("[]", "null");
        assertThatThrownBy(() -> parsed(raw("", none)).requirePlugin("a"))
                .hasMessageContaining("names no layers");
    }

    @Test
    void refusesAConfigurationThatIsTooLargeBeforeItIsFetched() {
        String large = descriptor(MediaType.PLUGIN_CONFIG, CONFIG, PluginImage.MAX_CONFIG_BYTES + 1L);

        assertThatThrownBy(() -> manifest(large, layer(ONE)).requirePlugin("a"))
                .hasMessageContaining("more than the 4194304");
    }

    @Test
    void refusesAConfigurationThatIsNotTheOneNamed() {
        RawManifest raw = raw("", image(described(JSON), layer(ONE)));
        byte[] other = bytes(JSON.replace("\"d\"", "\"e\""));

        assertThatThrownBy(() -> PluginImage.of(raw, parsed(raw), other))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("names the configuration");
    }

    @Test
    void refusesAConfigurationThatCannotBeRead() {
        RawManifest raw = raw("", image(described("[]"), layer(ONE)));

        assertThatThrownBy(() -> PluginImage.of(raw, parsed(raw), bytes("[]")))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageStartingWith("failed to parse config: ");
    }

    @Test
    void refusesAnotherNumberOfLayersThanTheConfigurationSays() {
        RawManifest raw = raw("", image(described(JSON), layer(ONE), layer(TWO)));

        assertThatThrownBy(() -> PluginImage.of(raw, parsed(raw), bytes(JSON)))
                .hasMessage("its manifest names 2 layers, its configuration 1");
    }

    @Test
    void takesAConfigurationThatSaysNothingOfLayers() {
        String silent = JSON.replace("\"rootfs\"", "\"x-rootfs\"");
        RawManifest raw = raw("", image(described(silent), layer(ONE), layer(TWO)));

        assertThat(PluginImage.of(raw, parsed(raw), bytes(silent)).layers()).hasSize(2);
    }

    @Test
    void writesTheManifestAsDockerDoes() {
        RawManifest made = PluginManifest.of(PluginManifest.config(CONFIG, 751),
                List.of(PluginManifest.layer(ONE, 3_693_322, LayerPacking.GZIP)));

        assertThat(made.bytes()).asString()
                .isEqualTo(
                        ("{'schemaVersion':2,'config':{'mediaType':'application/vnd.docker.plugin.v1+json',"
                                + "'digest':'" + CONFIG + "','size':751},'layers':[{'mediaType':"
                                + "'application/vnd.docker.image.rootfs.diff.tar.gzip','digest':'" + ONE
                                + "','size':3693322}],'mediaType':'application/vnd.docker.distribution.manifest.v2+json'}")
                                .replace('\'', '"'));
        assertThat(made.digest()).isEqualTo(Digest.sha256(made.bytes()));
        assertThat(made.mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
    }

    @ParameterizedTest
    @EnumSource(LayerPacking.class)
    void readsWhatItWritesD24(LayerPacking packing) {
        Descriptor layer = PluginManifest.layer(ONE, 3, packing);
        RawManifest made = PluginManifest.of(PluginManifest.config(CONFIG, 6), List.of(layer, layer));

        ImageManifest read = parsed(made);

        read.requirePlugin("a");
        assertThat(read.layers()).containsExactly(layer, layer);
    }

    @Test
    void tellsPackingByTheFirstBytes() {
        assertThat(LayerPacking.of(new byte[]{0x1f, (byte) 0x8b, 8, 0})).isEqualTo(LayerPacking.GZIP);
        assertThat(LayerPacking.of(new byte[]{0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}))
                .isEqualTo(LayerPacking.ZSTD);
        assertThat(LayerPacking.of(new byte[]{0x28, (byte) 0xb5, 0x2f})).isEqualTo(LayerPacking.PLAIN);
        assertThat(LayerPacking.of(new byte[]{0x1f})).isEqualTo(LayerPacking.PLAIN);
        assertThat(LayerPacking.of(new byte[0])).isEqualTo(LayerPacking.PLAIN);
    }

    @Test
    void readsTheLayoutItWrites() {
        var manifest = new Descriptor(MediaType.DOCKER_MANIFEST, ONE, 9);

        ImageIndex index = OciLayout.parseIndex(OciLayout.index(manifest, Reference.parse("a/b:v1")));

        OciLayout.checkMarker(OciLayout.marker());
        assertThat(index.choose(Platform.host())).isEqualTo(manifest);
        assertThat(index.entries().getFirst().name()).contains("v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"imageLayoutVersion\":\"2.0.0\"}", "{}", "x"})
    void refusesAnotherLayout(String marker) {
        assertThatThrownBy(() -> OciLayout.checkMarker(bytes(marker)))
                .isInstanceOf(InvalidImageException.class);
    }

    @Test
    void refusesALayoutWhoseIndexIsAManifest() {
        assertThatThrownBy(() -> OciLayout.parseIndex(bytes(image(config(), layer(ONE)))))
                .isInstanceOf(InvalidImageException.class);
    }

    private static String described(String json) {
        return descriptor(MediaType.PLUGIN_CONFIG, Digest.sha256(bytes(json)), bytes(json).length);
    }

    private static ImageManifest manifest(String config, String... layers) {
        return parsed(raw(MediaType.OCI_MANIFEST, image(config, layers)));
    }

    private static ImageManifest parsed(RawManifest raw) {
        return (ImageManifest) Manifest.parse(raw);
    }
}
