package dev.patchbay.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Random numbers are read from the kernel, which has them at once: it looks like a file all the same. */
public final class ChanceMayBeRead implements BlockHoundIntegration {
    /** Made by BlockHound. */
    public ChanceMayBeRead() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully");
    }
}
