package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.PluginImage;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration says that a layer is once it is unpacked.
 *
 * <p>Only a list with an entry for each layer is taken seriously. An entry that is the digest of the packed layer is what
 * Docker's create writes (D12); it verifies what the manifest verifies already, so nothing is hashed for it.
 *
 * @param expected the digest to compare with, and the hash of what was unpacked so far
 */
record DiffId(Optional<Expected> expected) {
    record Expected(Digest digest, MessageDigest hash) {}

    /** What an image says of its layer at an index. @throws InvalidContentException if that is no digest */
    static DiffId of(PluginImage image, int index) {
        List<String> ids = image.parsed()
                .rootfs()
                .map(PluginConfig.Rootfs::diffIds)
                .stream()
                .flatMap(list -> list.items().stream())
                .toList();
        Digest packed = image.layers().get(index).digest();
        if (ids.size() != image.layers().size() || ids.get(index).equals(packed.toString())) {
            return new DiffId(Optional.empty());
        }
        try {
            Digest unpacked = Digest.parse(ids.get(index));
            return new DiffId(Optional.of(new Expected(unpacked, unpacked.algorithm().newMessageDigest())));
        } catch (InvalidDigestException e) {
            throw new InvalidContentException("the configuration's diff id of layer " + packed.shortHex()
                    + " is not usable: " + e.getMessage(), e);
        }
    }

    /** Takes what is unpacked; empty if it need not be hashed. */
    Optional<MessageDigest> hash() {
        return expected.map(Expected::hash);
    }

    /** Compares, once all was read. @throws InvalidContentException if the layer is another one */
    void check(Descriptor layer) {
        expected.ifPresent(e -> {
            Digest actual = Digest.of(e.digest().algorithm(), e.hash().digest());
            if (!actual.equals(e.digest())) {
                throw new InvalidContentException("layer " + layer.digest()
                        + " is not what the configuration says: unpacked it has the digest " + actual
                        + ", not "
                        + e.digest(), null);
            }
        });
    }
}
