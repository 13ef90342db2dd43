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
    private static final String VOLUME = Holder.OF_VOLUMES;
    private static final String MOUNT = ":mount:";
    private static final String DIGEST = Holder.OF_LONG_VOLUMES;
    private static final String LABEL = "volume ";
    private static final int LONGEST = 128;

    private Holds() {}

    static Holder ofVolume(String volume) {
        return Holder.durable(id(VOLUME + volume), label(LABEL + volume));
    }

    static Holder ofMount(String volume, String mount) {
        return Holder.durable(id(VOLUME + volume + MOUNT + mount),
                label(LABEL + volume + " mount " + mount));
    }

    /** All that a volume should have. */
    static Stream<Holder> of(Volume volume) {
        return Stream.concat(Stream.of(ofVolume(volume.name())),
                volume.allMounts().map(mount -> ofMount(volume.name(), mount.id())));
    }

    /** Whether somebody holds a plugin for a volume: a host may give its own holders any id, so the label must fit, too. */
    static boolean isOurs(Holder holder) {
        return holder.durable() && (holder.id().startsWith(DIGEST)
                ? holder.label().startsWith(LABEL)
                : volume(holder).isPresent());
    }

    /** The volume that a plugin is held for, if the id says it. */
    static Optional<String> volume(Holder holder) {
        if (!holder.id().startsWith(VOLUME)) {
            return Optional.empty();
        }
        String whole = holder.id().substring(VOLUME.length());
        int end = whole.indexOf(MOUNT);
        String volume = end < 0 ? whole : whole.substring(0, end);
        Holder ours = end < 0 ? ofVolume(volume) : ofMount(volume, whole.substring(end + MOUNT.length()));
        return ours.equals(holder) ? Optional.of(volume) : Optional.empty();
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
