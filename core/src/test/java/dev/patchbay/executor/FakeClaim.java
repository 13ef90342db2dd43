package dev.patchbay.executor;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a fake executor does to claim its machine, which may take long, and goes on without its caller. */
public final class FakeClaim {
    private final FakeMachine machine;
    private final FakeWork work;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Mono<Void> claimable = Mono.empty();

    FakeClaim(FakeMachine machine, FakeWork work) {
        this.machine = machine;
        this.work = work;
    }

    /** Lets a claim take so long, whether or not its caller waits. */
    public void after(Mono<Void> event) {
        claimable = event;
    }

    /** How often somebody asked. */
    public int asked() {
        return asked.get();
    }

    Mono<Void> claim() {
        return Mono.defer(() -> {
            asked.incrementAndGet();
            Sinks.Empty<Void> answer = Sinks.empty();
            var _ = claimable.subscribe(_ -> {}, answer::tryEmitError, () -> {
                var _ = takesMachine()
                        ? answer.tryEmitEmpty()
                        : answer.tryEmitError(new ExecutorException.RuntimeUnusable(
                                "the machine is in use by another executor; close that one", null));
            });
            return answer.asMono();
        });
    }

    private boolean takesMachine() {
        boolean taken = machine.claim(work);
        if (work.isGone()) {
            release();
        }
        return taken;
    }

    void release() {
        machine.release(work);
    }
}
