package dev.patchbay.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Hooks;

/**
 * Fails a test during which Reactor dropped an error or a value: somebody did not hear what was meant for them. What is
 * dropped after a test's end fails the next one. Values are named by class only; they may be secret.
 */
public final class DroppedSignals implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final List<Throwable> DROPPED = new CopyOnWriteArrayList<>();

    /** Made by JUnit. */
    public DroppedSignals() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        watch();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        watch(); // again: a test may have reset all hooks
    }

    private static void watch() {
        Hooks.resetOnErrorDropped(); // hooks add up otherwise
        Hooks.resetOnNextDropped();
        Hooks.onErrorDropped(DROPPED::add);
        Hooks.onNextDropped(value -> DROPPED.add(
                new AssertionError("dropped a " + value.getClass().getName())));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        check(List.copyOf(DROPPED));
    }

    private static void check(List<Throwable> dropped) {
        DROPPED.removeAll(dropped);
        if (!dropped.isEmpty()) {
            var failure = new AssertionError("Reactor dropped " + dropped.size()
                    + " signals that nobody heard; a test that means to drop calls DroppedSignals.expect(): "
                    + dropped);
            dropped.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /** Takes what was dropped so far, for a test that drops on purpose. */
    public static List<Throwable> expect() {
        var taken = List.copyOf(DROPPED);
        DROPPED.removeAll(taken);
        return taken;
    }
}
