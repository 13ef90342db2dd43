package dev.patchbay.web.v1;

import dev.patchbay.Health;
import dev.patchbay.Plugins;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Whether the engine is up to its work: for probes, which look at the status, and for people, who read the body. */
final class HealthHandlers {
    private static final int UNAVAILABLE = 503;

    private final Plugins plugins;
    private final Volumes volumes;
    private final HealthShape shape = new HealthShape();

    HealthHandlers(Plugins plugins, Volumes volumes) {
        this.plugins = plugins;
        this.volumes = volumes;
    }

    /** 200 if the engine is ready. */
    Mono<Reply> ready(Exchange exchange) {
        return Mono.fromSupplier(() -> {
            Health health = health();
            return reply(health, health.live() && health.ready());
        });
    }

    /** 200 if the engine lives, ready or not: whoever restarts what is dead asks this. */
    Mono<Reply> live(Exchange exchange) {
        return Mono.fromSupplier(() -> {
            Health health = health();
            return reply(health, health.live());
        });
    }

    /** What is wrong with volumes makes nothing else less ready. */
    private Health health() {
        Health engine = plugins.health();
        List<String> ofVolumes = volumes.problems();
        return ofVolumes.isEmpty()
                ? engine
                : new Health(engine.live(), engine.ready(),
                        Stream.concat(engine.problems().stream(), ofVolumes.stream()).toList());
    }

    private Reply reply(Health health, boolean well) {
        return JsonReply.of(well ? 200 : UNAVAILABLE, shape, health).with("Cache-Control", "no-store");
    }
}
