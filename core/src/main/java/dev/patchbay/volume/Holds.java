package dev.patchbay.volume;

import dev.patchbay.use.Holder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * As what volumes hold their plugins, over restarts: each volume once, and each of its mounts once. Ids say what of; where that
 * is too long for an id, a digest of it stands there.
 */
final class Holds {
    private static final String VOLUME = "volume:";
    private static final String MOUNT = ":mount:";
    private static final String DIGEST = "volume.sha256:";
    private static final int LONGEST = 128;

    private Holds() {}

    static Holder ofVolume(String volume) {
        return Holder.durable(id(VOLUME + volume), label("volume " + volume));
    }

    static Holder ofMount(String volume, String mount) {
        return Holder.durable(id(VOLUME + volume + MOUNT + mount),
                label("volume " + volume + " mount " + mount));
    }

    /** All that a volume should have. */
    static Stream<Holder> of(Volume volume) {
        return Stream.concat(Stream.of(ofVolume(volume.name())),
                volume.allMounts().map(mount -> ofMount(volume.name(), mount.id())));
    }

    /** Whether somebody holds a plugin for a volume. */
    static boolean isOurs(Holder holder) {
        return holder.durable()
                && (holder.id().startsWith(DIGEST) || holder.id().startsWith(VOLUME));
    }

    /** The volume that a plugin is held for, if the id says it. */
    static Optional<String> volume(Holder holder) {
        return holder.durable() && holder.id().startsWith(VOLUME)
                ? Optional.of(holder.id().substring(VOLUME.length()).split(":", 2)[0])
                : Optional.empty();
    }

    private static String id(String whole) {
        return whole.length() <= LONGEST ? whole : DIGEST + digest(whole);
    }

    private static String label(String whole) {
        return whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST - 1) + "…";
    }

    private static String digest(String whole) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(whole.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
