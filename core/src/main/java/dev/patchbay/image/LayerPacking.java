package dev.patchbay.image;

/** How a layer is compressed, which only its own bytes tell for certain. */
public enum LayerPacking {
    /** A plain tar. */
    PLAIN(MediaType.DOCKER_LAYER),
    /** One or more gzip members (RFC 1952, 2.3.1). */
    GZIP(MediaType.DOCKER_LAYER_GZIP, 0x1f, 0x8b),
    /** One or more zstd frames (RFC 8878, 3.1.1). */
    ZSTD(MediaType.DOCKER_LAYER_ZSTD, 0x28, 0xb5, 0x2f, 0xfd);

    /** How many bytes {@link #of} needs to see. */
    public static final int MAGIC_BYTES = 4;

    private final String mediaType;
    @SuppressWarnings("ImmutableEnumChecker") // never changed, never handed out
    private final int[] magic;

    LayerPacking(String mediaType, int... magic) {
        this.mediaType = mediaType;
        this.magic = magic;
    }

    /** Tells it by the first bytes of a layer; what is nothing else is plain. */
    public static LayerPacking of(byte[] start) {
        for (LayerPacking packing : new LayerPacking[]{GZIP, ZSTD}) {
            if (packing.matches(start)) {
                return packing;
            }
        }
        return PLAIN;
    }

    private boolean matches(byte[] start) {
        boolean matches = start.length >= magic.length;
        for (int i = 0; matches && i < magic.length; i++) {
            matches = (start[i] & 0xff) == magic[i];
        }
        return matches;
    }

    /** The type of such a layer in a manifest of Docker. */
    public String mediaType() {
        return mediaType;
    }
}
