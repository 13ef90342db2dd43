package dev.patchbay.image;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells what a manifest is and reads it, within limits. */
final class ManifestReader {
    private static final Set<String> IMAGES = Set.of(MediaType.DOCKER_MANIFEST, MediaType.OCI_MANIFEST);
    private static final Set<String> INDEXES = Set.of(MediaType.DOCKER_MANIFEST_LIST, MediaType.OCI_INDEX);
    private static final String REF_NAME = "org.opencontainers.image.ref.name";

    private ManifestReader() {}

    static boolean isIndex(String mediaType) {
        return INDEXES.contains(MediaType.bare(mediaType));
    }

    static boolean isImage(String mediaType) {
        return IMAGES.contains(MediaType.bare(mediaType));
    }

    static Manifest read(RawManifest raw) {
        if (raw.bytes().length > RawManifest.MAX_BYTES) {
            throw new InvalidImageException("the manifest has " + raw.bytes().length
                    + " bytes, more than the " + RawManifest.MAX_BYTES + " that are taken");
        }
        String outer = MediaType.bare(raw.mediaType());
        if (!MediaType.saysNothing(outer)) {
            checkType(outer);
        }
        JsonObject json = JsonObject.parse("the manifest", raw.bytes());
        checkSchema(json);
        String inner = MediaType.bare(json.optionalText("mediaType").orElse(""));
        if (!inner.isEmpty()) {
            checkType(inner);
        }
        String type = decide(outer, inner, json);
        return isIndex(type) ? index(type, json) : image(type, json);
    }

    private static void checkType(String type) {
        if (MediaType.isSchema1(type)) {
            throw schema1();
        }
        if (!isImage(type) && !isIndex(type)) {
            throw new InvalidImageException(
                    JsonObject.quoted(type) + " is not the type of an image manifest or index");
        }
    }

    private static void checkSchema(JsonObject json) {
        long version = json.optionalNumber("schemaVersion").orElse(0L);
        if (version == 1 || json.has("fsLayers") || json.has("signatures")) {
            throw schema1();
        }
        if (version != 2) {
            throw new InvalidImageException("it is not an image manifest: its schemaVersion is not 2");
        }
    }

    private static InvalidImageException schema1() {
        return new InvalidImageException("its manifest has the old schema 1, which is not supported;"
                + " publish it again with a current version of docker plugin push");
    }

    private static String decide(String outer, String inner, JsonObject json) {
        boolean image = json.has("config") || json.has("layers");
        boolean index = json.has("manifests");
        if (image && index) {
            throw new InvalidImageException("the manifest is ambiguous: it has layers and manifests");
        }
        boolean silent = MediaType.saysNothing(outer);
        if (!silent && !inner.isEmpty() && isIndex(outer) != isIndex(inner)) {
            throw new InvalidImageException("the manifest is ambiguous: it was sent as " + outer
                    + ", but calls itself " + inner);
        }
        String type = inner.isEmpty() ? silent ? guess(index) : outer : inner;
        if (isIndex(type) ? image : index) {
            throw new InvalidImageException("the manifest is ambiguous: its type is " + type
                    + ", but its fields are those of "
                    + (image ? "an image manifest" : "an index"));
        }
        return type;
    }

    private static String guess(boolean index) {
        return index ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
    }

    private static ImageManifest image(String type, JsonObject json) {
        Descriptor config = descriptor(json.object("config"));
        List<JsonObject> written = json.objects("layers", ImageManifest.MAX_LAYERS);
        List<Descriptor> layers = new ArrayList<>();
        Map<Object, Descriptor> seen = new HashMap<>();
        long total = 0;
        for (JsonObject layer : written) {
            Descriptor descriptor = descriptor(layer);
            Descriptor twin = seen.putIfAbsent(descriptor.digest(), descriptor);
            if (twin != null && twin.size() != descriptor.size()) {
                throw new InvalidImageException(
                        "the manifest gives " + descriptor.digest() + " two different sizes");
            }
            total = plus(total, descriptor.size());
            layers.add(descriptor);
        }
        return new ImageManifest(type, config, layers);
    }

    private static long plus(long total, long size) {
        if (size > ImageManifest.MAX_LAYER_BYTES - total) {
            throw new InvalidImageException("the layers have together more than the "
                    + ImageManifest.MAX_LAYER_BYTES + " bytes that are taken");
        }
        return total + size;
    }

    private static ImageIndex index(String type, JsonObject json) {
        return new ImageIndex(type, json.objects("manifests", ImageIndex.MAX_ENTRIES)
                .stream()
                .map(ManifestReader::entry)
                .toList());
    }

    private static ImageIndex.Entry entry(JsonObject json) {
        Optional<Platform> platform = json.optionalObject("platform").flatMap(ManifestReader::platform);
        Optional<String> name = json.optionalObject("annotations").flatMap(a -> a.optionalText(REF_NAME));
        return new ImageIndex.Entry(descriptor(json), platform, name);
    }

    /** Some tools write a platform with empty fields for what has none. */
    private static Optional<Platform> platform(JsonObject json) {
        String os = json.optionalText("os").orElse("");
        String architecture = json.optionalText("architecture").orElse("");
        Optional<String> variant = json.optionalText("variant").filter(text -> !text.isEmpty());
        return os.isEmpty() || architecture.isEmpty()
                ? Optional.empty()
                : Optional.of(new Platform(os, architecture, variant));
    }

    private static Descriptor descriptor(JsonObject json) {
        var descriptor = new Descriptor(MediaType.bare(json.text("mediaType")), json.digest("digest"),
                json.number("size"));
        if (json.has("urls") && !json.texts("urls").isEmpty()) {
            throw new InvalidImageException(descriptor.digest()
                    + " would have to be fetched from somewhere else than the registry (urls),"
                    + " which is not supported");
        }
        return descriptor;
    }
}
