package dev.patchbay.image;

import static dev.patchbay.image.Manifests.CONFIG;
import static dev.patchbay.image.Manifests.ONE;
import static dev.patchbay.image.Manifests.TWO;
import static dev.patchbay.image.Manifests.bytes;
import static dev.patchbay.image.Manifests.config;
import static dev.patchbay.image.Manifests.descriptor;
import static dev.patchbay.image.Manifests.entry;
import static dev.patchbay.image.Manifests.image;
import static dev.patchbay.image.Manifests.index;
import static dev.patchbay.image.Manifests.layer;
import static dev.patchbay.image.Manifests.raw;
import static dev.patchbay.image.Manifests.withType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.reference.Digest;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read as a manifest, and what is refused with which sentence. */
class ManifestTest {
    private static final String IMAGE = image(config(), layer(ONE), layer(TWO));
    private static final String INDEX = index(entry(ONE, "linux/amd64"));
    private static final String SCHEMA_1 = "{\"schemaVersion\":1,\"name\":\"a/b\",\"fsLayers\":[]}";

    @ParameterizedTest
    @CsvSource(textBlock = """
            application/vnd.docker.distribution.manifest.v2+json,
            application/vnd.oci.image.manifest.v1+json,
            application/vnd.oci.image.manifest.v1+json; charset=utf-8,
            Application/VND.oci.image.manifest.V1+json,
            application/json, application/vnd.docker.distribution.manifest.v2+json
            text/plain; charset=utf-8, application/vnd.oci.image.manifest.v1+json
            application/octet-stream,
            '',
            """)
    void readsAnImage(String outer, String inner) {
        var image = (ImageManifest) Manifest
                .parse(raw(outer, inner == null ? IMAGE : withType(inner, IMAGE)));

        assertThat(image.config()).isEqualTo(new Descriptor(MediaType.PLUGIN_CONFIG, CONFIG, 6));
        assertThat(image.layers()).containsExactly(new Descriptor(MediaType.DOCKER_LAYER_GZIP, ONE, 3),
                new Descriptor(MediaType.DOCKER_LAYER_GZIP, TWO, 3));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            application/vnd.docker.distribution.manifest.list.v2+json,
            application/vnd.oci.image.index.v1+json,
            application/json, application/vnd.oci.image.index.v1+json
            text/plain,
            """)
    void readsAnIndex(String outer, String inner) {
        var index = (ImageIndex) Manifest.parse(raw(outer, inner == null ? INDEX : withType(inner, INDEX)));

        assertThat(index.entries()).singleElement()
                .satisfies(entry -> assertThat(entry.descriptor().digest()).isEqualTo(ONE));
    }

    @Test
    void callsItByItsOwnWord() {
        String docker = withType(MediaType.DOCKER_MANIFEST, IMAGE);

        assertThat(Manifest.parse(raw(MediaType.OCI_MANIFEST, docker)).mediaType())
                .isEqualTo(MediaType.DOCKER_MANIFEST);
        assertThat(Manifest.parse(raw(MediaType.DOCKER_MANIFEST, IMAGE)).mediaType())
                .isEqualTo(MediaType.DOCKER_MANIFEST);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String what, String outer, String json, String sentence) {
        assertThatThrownBy(() -> Manifest.parse(raw(outer, json)))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining(sentence);
    }

    static Stream<Arguments> refused() {
        return Stream.of(contradictions(), noManifests(), badParts()).flatMap(rows -> rows);
    }

    private static Stream<Arguments> contradictions() {
        String both = IMAGE.substring(0, IMAGE.length() - 1) + ",\"manifests\":[]}";
        return Stream.of(
                arguments("an index sent as a manifest (CVE-2021-41190)", MediaType.OCI_MANIFEST,
                        withType(MediaType.OCI_INDEX, INDEX), "ambiguous"),
                arguments("a manifest sent as an index", MediaType.OCI_INDEX,
                        withType(MediaType.OCI_MANIFEST, IMAGE), "ambiguous"),
                arguments("a manifest with an index's fields", MediaType.OCI_MANIFEST, INDEX,
                        "fields are those"),
                arguments("an index with a manifest's fields", MediaType.OCI_INDEX, IMAGE,
                        "fields are those"),
                arguments("both", "", both, "it has layers and manifests"),
                arguments("a key twice", "", IMAGE.replace("{\"schemaVersion\":2",
                        "{\"schemaVersion\":2,\"schemaVersion\":2"), "Duplicate"),
                arguments("a key in two spellings", "", IMAGE.replace("{\"schemaVersion\":2",
                        "{\"schemaVersion\":2,\"Layers\":[]"), "\"Layers\" and \"layers\""),
                arguments("a key in another spelling", "", IMAGE.replace("\"layers\"", "\"Layers\""),
                        "only \"layers\""),
                arguments("two sizes of one digest", "",
                        image(config(), layer(ONE), descriptor(MediaType.OCI_LAYER, ONE, 4)),
                        "two different sizes"));
    }

    private static Stream<Arguments> noManifests() {
        return Stream.of(
                arguments("a web page", "text/html", "<html>", "\"text/html\" is not the type of an image"),
                arguments("not JSON", "", "<html>", "not JSON"),
                arguments("nothing", "", "", "not a JSON object"),
                arguments("a list", "", "[]", "not a JSON object"),
                arguments("more than one", "", IMAGE + IMAGE, "not JSON"),
                arguments("cut off", "", IMAGE.substring(0, 80), "in the middle of a value"),
                arguments("nested", "", "{\"a\":" + "[".repeat(5000), "nested too deeply"),
                arguments("an error", "application/json", "{\"errors\":[]}", "schemaVersion is not 2"),
                arguments("another inner type", "", withType("a/b", IMAGE), "\"a/b\" is not the type"),
                arguments("schema 1", "application/vnd.docker.distribution.manifest.v1+json", SCHEMA_1,
                        "publish it again"),
                arguments("signed schema 1", "application/vnd.docker.distribution.manifest.v1+prettyjws",
                        SCHEMA_1,
                        "schema 1"),
                arguments("schema 1 by its fields", "", SCHEMA_1, "schema 1"));
    }

    private static Stream<Arguments> badParts() {
        String foreign = layer(ONE).replace("}", ",\"urls\":[\"http://a/b\"]}");
        return Stream.of(
                arguments("no config", "", "{\"schemaVersion\":2,\"layers\":[]}", "config is missing"),
                arguments("config is a text", "", image("\"a\""), "config is not a JSON object"),
                arguments("layers are an object", "", image(config()).replace("[]", "{}"),
                        "layers is not a list"),
                arguments("a layer is a number", "", image(config(), "1"), "layers[0] is not a JSON object"),
                arguments("no size", "", image(config(), layer(ONE).replace("\"size\"", "\"sise\"")),
                        "layers[0]: size is missing"),
                arguments("a negative size", "", image(config(), descriptor("a/b", ONE, -1)), "negative"),
                arguments("a fraction", "", image(config(), layer(ONE).replace(":3}", ":3.5}")),
                        "whole number"),
                arguments("a size beyond all", "",
                        image(config(), layer(ONE).replace(":3}", ":9223372036854775808}")),
                        "whole number"),
                arguments("too much in sum", "",
                        image(config(), descriptor("a/b", ONE, Long.MAX_VALUE), layer(TWO)),
                        "together more than"),
                arguments("a bad digest", "", image(config(), layer(ONE).replace("sha256:", "sha256:x")),
                        "no digest"),
                arguments("another algorithm", "", image(config(), layer(ONE).replace("sha256:", "md5:")),
                        "unsupported digest algorithm"),
                arguments("an escape", "", image(config(), layer(ONE).replace(ONE.hex(), "../../etc/passwd")),
                        "no digest"),
                arguments("a foreign layer", "", image(config(), foreign), "urls"),
                arguments("too many layers", "",
                        image(config(), Collections.nCopies(126, layer(ONE)).toArray(String[]::new)),
                        "126 entries"),
                arguments("too many entries", "",
                        index(Collections.nCopies(1001, entry(ONE, "")).toArray(String[]::new)),
                        "1001 entries"),
                arguments("a platform with a line", "", index(entry(ONE, "linux/a\\nb")), "\"a?b\""));
    }

    @Test
    void refusesMoreBytesThanTaken() {
        byte[] bytes = bytes(IMAGE + " ".repeat(RawManifest.MAX_BYTES));

        assertThatThrownBy(() -> Manifest.parse(new RawManifest("", Digest.sha256(bytes), bytes)))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("more than the 4194304");
    }

    @Test
    void refusesWhatIsNotTextInUtf8() {
        byte[] bytes = bytes(IMAGE);
        bytes[2] = (byte) 0xff;

        assertThatThrownBy(() -> Manifest.parse(new RawManifest("", Digest.sha256(bytes), bytes)))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void takesOnlyWhatTheIndexNamed() {
        RawManifest raw = raw("", IMAGE);
        var named = new Descriptor(MediaType.OCI_MANIFEST, raw.digest(), raw.bytes().length);

        assertThat(Manifest.parse(raw, named)).isInstanceOf(ImageManifest.class);
        for (Descriptor other : List.of(new Descriptor(MediaType.OCI_INDEX, named.digest(), named.size()),
                new Descriptor(named.mediaType(), ONE, named.size()),
                new Descriptor(named.mediaType(), named.digest(), named.size() + 1))) {
            assertThatThrownBy(() -> Manifest.parse(raw, other)).isInstanceOf(InvalidImageException.class);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findsOneSentenceForAnyBytes(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = mutated(random, bytes(random.nextBoolean() ? IMAGE : INDEX));
            var raw = new RawManifest("", ONE, bytes);
            try {
                Manifest.parse(raw);
            } catch (InvalidImageException e) {
                assertThat(e.getMessage()).as("seed %d, step %d", seed, i).isNotBlank().doesNotContain("\n");
            }
        }
    }

    /** Bytes changed, cut out, doubled, or all by chance. */
    private static byte[] mutated(Random random, byte[] valid) {
        byte[] bytes = valid.clone();
        if (random.nextInt(10) == 0) {
            random.nextBytes(bytes);
        }
        byte[] tokens = bytes("{}[]\",:0-9.eEnulltrue\\\u0000");
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            bytes[random.nextInt(bytes.length)] = tokens[random.nextInt(tokens.length)];
        }
        int from = random.nextInt(bytes.length);
        int to = from + random.nextInt(bytes.length - from);
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        String piece = text.substring(from, to);
        String changed = switch (random.nextInt(3)) {
            case 0 -> text.substring(0, from) + text.substring(to);
            case 1 -> text.substring(0, to) + piece + text.substring(to);
            default -> text;
        };
        return changed.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
