package dev.patchbay.web.v1;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets event loops set virtual timers while a test moves them. Both lock one queue for a moment, which BlockHound would
 * take for a blocked event loop; real timers are another class.
 */
public final class VirtualTimersMayLock implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        for (String method : new String[]{"add", "offer", "remove"}) {
            builder.allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", method);
        }
    }
}
