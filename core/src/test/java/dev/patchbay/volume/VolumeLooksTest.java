package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Plugins;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class VolumeLooksTest {
    private static final int LOOKS = 5;
    private static final long REST_NANOS = 100_000_000;

    private static final EventSignal NEWS = new EventSignal.Gap(new Cursor("epoch", 1),
            new Cursor("epoch", 2),
            EventSignal.Loss.TRIMMED);

    private final AtomicInteger looks = new AtomicInteger();
    private final Sinks.Many<EventSignal> news = Sinks.many().multicast().directBestEffort();

    /** Plugins whose news are the test's, and whose lists are counted. */
    private Plugins counted(Plugins plugins) {
        return (Plugins) Proxy.newProxyInstance(VolumeLooksTest.class.getClassLoader(),
                new Class<?>[]{Plugins.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "list" -> {
                        looks.incrementAndGet();
                        yield method.invoke(plugins, arguments);
                    }
                    case "events" -> news.asFlux();
                    default -> method.invoke(plugins, arguments);
                });
    }

    @Test
    void manyNewsLeadToFewLooks() {
        try (var world = new VolumeWorld()) {
            var volumes = Volumes.open(counted(world.plugins),
                    VolumesConfig.at(world.folder.resolve("other")));
            VolumeWorld.await(() -> looks.get() > 0);
            int before = looks.get();
            long begin = System.nanoTime();
            while (looks.get() < before + LOOKS) {
                news.tryEmitNext(NEWS).orThrow();
            }
            assertThat(System.nanoTime() - begin).isGreaterThan((LOOKS - 2) * REST_NANOS);
            volumes.close().block(VolumeWorld.PATIENCE);
        }
    }
}
