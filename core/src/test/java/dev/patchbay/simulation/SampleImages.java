package dev.patchbay.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.ImageManifest;
import dev.patchbay.image.Manifest;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.PluginImage;
import dev.patchbay.image.PluginManifest;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The versions of the one plugin that there is, small ones: each has a layer of its own and one that all share, and a
 * variable {@code TOKEN} that can be set.
 */
final class SampleImages {
    static final int VERSIONS = 4;

    /** A version as it is published. */
    record Sample(PluginImage image, List<byte[]> layers) {
        /** What tells versions apart. */
        Digest config() {
            return image.config().digest();
        }
    }

    private static final List<Sample> ALL = IntStream.range(0, VERSIONS)
            .mapToObj(SampleImages::make)
            .toList();

    private SampleImages() {}

    static Sample of(int version) {
        return ALL.get(version);
    }

    static List<Sample> all() {
        return ALL;
    }

    /** What a client sends who makes a plugin of a version: its number, a few times, in place of a tar. */
    static byte[] context(int version) {
        return new byte[]{(byte) version, (byte) version, (byte) version};
    }

    /** The version that a client sent; nothing if it was not all. */
    static Optional<Sample> ofContext(byte[] context) {
        return context.length == context(0).length ? Optional.of(of(context[0])) : Optional.empty();
    }

    private static Sample make(int version) {
        byte[] json = """
                {"description":"version %d","entrypoint":["/bin/p"],"network":{"type":""},\
                "interface":{"socket":"p.sock","types":["docker.volumedriver/1.0"]},\
                "env":[{"name":"TOKEN","value":"0","settable":["value"]}]}""".formatted(version)
                .getBytes(UTF_8);
        List<byte[]> layers = List.of("what all versions share".getBytes(UTF_8),
                "what only version %d has".formatted(version).getBytes(UTF_8));
        List<Descriptor> descriptors = layers.stream()
                .map(layer -> new Descriptor(MediaType.OCI_LAYER, Digest.sha256(layer), layer.length))
                .toList();
        RawManifest manifest = PluginManifest.of(PluginManifest.config(Digest.sha256(json), json.length),
                descriptors);
        return new Sample(PluginImage.of(manifest, (ImageManifest) Manifest.parse(manifest), json), layers);
    }
}
