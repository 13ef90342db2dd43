package dev.patchbay.executor;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;

/** What the containers of a fake use: nothing, until a test says otherwise. */
public final class FakeUsage {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Flux<ContainerUsage> now = Flux.empty();

    /** What they use from now on. */
    public void set(List<ContainerUsage> used) {
        set(Flux.fromIterable(List.copyOf(used)));
    }

    /** The same, which is told as the machine pleases. */
    public void set(Flux<ContainerUsage> used) {
        now = used;
    }

    /** How often somebody asked. */
    public int asked() {
        return asked.get();
    }

    Flux<ContainerUsage> told() {
        return Flux.defer(() -> {
            asked.incrementAndGet();
            return now;
        });
    }
}
