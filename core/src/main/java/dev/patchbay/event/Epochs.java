package dev.patchbay.event;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names of epochs. */
final class Epochs {
    private static final int BYTES = 8;

    private Epochs() {}

    /** A word that was not used before, and will not be again. */
    static String draw(RandomGenerator chance) {
        byte[] bytes = new byte[BYTES];
        chance.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
