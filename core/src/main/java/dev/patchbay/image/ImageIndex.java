package dev.patchbay.image;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * An index: one image for each of several platforms.
 *
 * @param mediaType what it calls itself
 * @param entries in the order of the document
 */
public record ImageIndex(String mediaType, List<Entry> entries) implements Manifest {
    /** The most entries taken; indexes of many platforms with attestations have a few dozen. */
    public static final int MAX_ENTRIES = 1000;
    /** The most indexes on the way to a manifest, for whoever follows {@link #choose}. */
    public static final int MAX_DEPTH = 3;

    private static final int SHOWN = 20;
    private static final String UNKNOWN = "unknown";

    /** Copies. */
    public ImageIndex {
        entries = List.copyOf(entries);
    }

    /**
     * One entry of an index.
     *
     * @param descriptor a manifest, or another index
     * @param platform what it is for, if that is said
     * @param name the annotation {@code org.opencontainers.image.ref.name}: in layouts, a tag
     */
    public record Entry(Descriptor descriptor, Optional<Platform> platform, Optional<String> name) {
        /** Signatures, provenance and the like are no images; builders give them an unknown platform. */
        boolean mayBeAnImage() {
            String type = descriptor.mediaType();
            boolean attestation = platform.filter(p -> p.os().equals(UNKNOWN)).isPresent();
            return !attestation && (ManifestReader.isImage(type) || ManifestReader.isIndex(type));
        }
    }

    /**
     * The one entry to follow for a platform; all others do not matter (moby mixes all of them, D20).
     *
     * <p>As containerd's {@code platforms.Only} does, the closest variant that the platform can run wins, and the first
     * of several alike. An entry that says no platform counts only if there is nothing else. Other architectures that the
     * processor could run as well (386 on amd64) are not taken: plugins call their host's kernel.
     *
     * @return a manifest, or an index that is to be asked again; the caller gives up after {@link #MAX_DEPTH}
     * @throws InvalidImageException if there is none, with the platforms offered
     */
    public Descriptor choose(Platform wanted) {
        List<Entry> images = entries.stream().filter(Entry::mayBeAnImage).toList();
        for (Platform runnable : wanted.runnable()) {
            for (Entry entry : images) {
                if (entry.platform().map(Platform::normalized).filter(runnable::equals).isPresent()) {
                    return entry.descriptor();
                }
            }
        }
        if (images.size() == 1 && images.getFirst().platform().isEmpty()) {
            return images.getFirst().descriptor();
        }
        throw new InvalidImageException("it offers " + offered(images) + ", not " + wanted);
    }

    private static String offered(List<Entry> images) {
        var names = new LinkedHashSet<String>();
        images.forEach(entry -> entry.platform().ifPresent(p -> names.add(p.toString())));
        long unnamed = images.stream().filter(entry -> entry.platform().isEmpty()).count();
        if (unnamed > 0) {
            names.add(unnamed + (unnamed == 1 ? " image" : " images") + " without a platform");
        }
        if (names.isEmpty()) {
            return "no image at all";
        }
        String shown = String.join(", ", names.stream().limit(SHOWN).toList());
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }
}
