package dev.patchbay.web.v1;

import dev.patchbay.Health;
import dev.patchbay.Plugins;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import reactor.core.publisher.Mono;

/** Whether the engine is up to its work: for probes, which look at the status, and for people, who read the body. */
final class HealthHandlers {
    private static final int UNAVAILABLE = 503;

    private final Plugins plugins;
    private final HealthShape shape = new HealthShape();

    HealthHandlers(Plugins plugins) {
        this.plugins = plugins;
    }

    /** 200 if the engine is ready. */
    Mono<Reply> ready(Exchange exchange) {
        return Mono.fromSupplier(() -> {
            Health health = plugins.health();
            return reply(health, health.live() && health.ready());
        });
    }

    /** 200 if the engine lives, ready or not: whoever restarts what is dead asks this. */
    Mono<Reply> live(Exchange exchange) {
        return Mono.fromSupplier(() -> {
            Health health = plugins.health();
            return reply(health, health.live());
        });
    }

    private Reply reply(Health health, boolean well) {
        return JsonReply.of(well ? 200 : UNAVAILABLE, shape, health).with("Cache-Control", "no-store");
    }
}
