package dev.patchbay.image;

import dev.patchbay.plugin.GoJson;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The two documents of an OCI image layout (OCI image specification, {@code image-layout.md}). */
public final class OciLayout {
    /** The name of the file that marks a layout. */
    public static final String MARKER_FILE = "oci-layout";
    /** The name of the file that says what is in it. */
    public static final String INDEX_FILE = "index.json";
    /** The folder of blobs; below it one for each algorithm, below that one file for each blob. */
    public static final String BLOBS_FOLDER = "blobs";

    private static final String VERSION = "1.0.0";

    private OciLayout() {}

    /** The content of {@value #MARKER_FILE}. */
    public static byte[] marker() {
        return ("{\"imageLayoutVersion\":\"" + VERSION + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Judges the content of {@value #MARKER_FILE}.
     *
     * @throws InvalidImageException if it is of a version of which nothing is known
     */
    public static void checkMarker(byte[] marker) {
        String version = JsonObject.parse(MARKER_FILE, marker).text("imageLayoutVersion");
        if (!version.startsWith("1.")) {
            throw new InvalidImageException(
                    "the layout is of version " + JsonObject.quoted(version) + ", but " + VERSION
                            + " is known");
        }
    }

    /**
     * The content of {@value #INDEX_FILE} for one image.
     *
     * @param name its tag goes where tools look for it, and all of it where containerd does
     */
    public static byte[] index(Descriptor manifest, Reference name) {
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        annotations.put("io.containerd.image.name", name.full());
        name.tag().ifPresent(tag -> annotations.put("org.opencontainers.image.ref.name", tag));
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("schemaVersion", 2);
        tree.put("mediaType", MediaType.OCI_INDEX);
        ObjectNode entry = PluginManifest.json(manifest);
        entry.set("annotations", annotations);
        tree.set("manifests", JsonNodeFactory.instance.arrayNode().add(entry));
        return GoJson.HTML_ESCAPED.write(tree);
    }

    /**
     * Reads {@value #INDEX_FILE}. Tools leave out the type in it.
     *
     * @throws InvalidImageException if it is not an index
     */
    public static ImageIndex parseIndex(byte[] json) {
        var raw = new RawManifest(MediaType.OCI_INDEX, Digest.sha256(json), json);
        return switch (Manifest.parse(raw)) {
            case ImageIndex index -> index;
            case ImageManifest _ -> throw new InvalidImageException(INDEX_FILE + " is not an index");
        };
    }
}
