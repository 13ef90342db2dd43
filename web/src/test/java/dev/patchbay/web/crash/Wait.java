package dev.patchbay.web.crash;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Waiting on conditions, never on time. */
final class Wait {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Wait() {}

    static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what).pollInterval(PAUSE).atMost(SocketClient.PATIENCE).until(condition);
    }

    static void untilAsserted(ThrowingRunnable assertion) {
        Awaitility.await().pollInterval(PAUSE).atMost(SocketClient.PATIENCE).untilAsserted(assertion);
    }
}
