package dev.patchbay.registry;

import java.time.Instant;

/**
 * What opens a door.
 *
 * @param header the value of {@code Authorization}; secret
 * @param until when it ends
 * @param refreshToken to be used instead of the password from now on; empty if the service gave none; secret
 */
record Grant(String header, Instant until, String refreshToken) {
    /** Without secrets. */
    @Override
    public String toString() {
        return "Grant[until=" + until + "]";
    }
}
