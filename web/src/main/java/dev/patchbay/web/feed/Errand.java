package dev.patchbay.web.feed;

import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** What a feed waits for: one thing at a time, whose outcome comes on the event loop, or not at all once it has ended. */
final class Errand {
    private final LoopHub hub;
    private final Consumer<Throwable> failed;
    private final Disposable.Swap waiting = Disposables.swap();
    private boolean underWay;
    private long number;

    /**
     * Makes one.
     *
     * @param failed told of failures
     */
    Errand(LoopHub hub, Consumer<Throwable> failed) {
        this.hub = hub;
        this.failed = failed;
    }

    boolean isUnderWay() {
        return underWay;
    }

    <T> void run(Mono<T> value, Consumer<T> then) {
        underWay = true;
        long mine = ++number;
        Disposable subscription = value.subscribe(
                found -> hub.run(() -> {
                    if (!waiting.isDisposed()) {
                        underWay = false;
                        then.accept(found);
                    }
                }),
                failure -> hub.run(() -> failed.accept(failure)));
        if (number == mine) { // else it is over already, and another one is under way
            waiting.update(subscription);
        }
    }

    /** For good. */
    void end() {
        waiting.dispose();
    }
}
