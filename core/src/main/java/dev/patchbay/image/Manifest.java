package dev.patchbay.image;

/**
 * What a reference may lead to: one image, or an index of several.
 *
 * <p>Docker's and OCI's forms are read alike. The type that the server gives says which of the two it is; if that says
 * nothing, the field {@code mediaType} inside does, and without that the other fields. A document that is an image for
 * one reader and an index for another is refused (CVE-2021-41190).
 */
public sealed interface Manifest permits ImageManifest, ImageIndex {
    /**
     * Reads a manifest or an index.
     *
     * @throws InvalidImageException if it is neither, contradicts itself, or goes beyond a limit
     */
    static Manifest parse(RawManifest raw) {
        return ManifestReader.read(raw);
    }

    /**
     * Reads what an index named.
     *
     * @param expected the index's words
     * @throws InvalidImageException as {@link #parse(RawManifest)} does, and if it is not what the index says
     */
    static Manifest parse(RawManifest raw, Descriptor expected) {
        if (!raw.digest().equals(expected.digest()) || raw.bytes().length != expected.size()) {
            throw new InvalidImageException("the index names the manifest " + expected.digest() + " of "
                    + expected.size() + " bytes, but got " + raw.digest() + " of " + raw.bytes().length
                    + " bytes");
        }
        Manifest parsed = read(raw, expected);
        boolean index = ManifestReader.isIndex(expected.mediaType());
        boolean contradicts = switch (parsed) {
            case ImageManifest _ -> index;
            case ImageIndex _ -> !index;
        };
        if (contradicts) {
            throw new InvalidImageException("the index says that " + expected.digest() + " is "
                    + (index ? "an index" : "a manifest") + ", but it is not");
        }
        return parsed;
    }

    private static Manifest read(RawManifest raw, Descriptor expected) {
        boolean silent = MediaType.saysNothing(MediaType.bare(raw.mediaType()));
        return parse(silent ? new RawManifest(expected.mediaType(), raw.digest(), raw.bytes()) : raw);
    }

    /** What it is: its own word if it has one, else the server's. The type to publish it with. */
    String mediaType();
}
