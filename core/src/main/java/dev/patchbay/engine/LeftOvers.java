package dev.patchbay.engine;

import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.plugin.PluginId;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Finds what earlier processes left in the executor: containers, and logs. What is to become of it is decided on the state
 * thread. Fed by that only.
 */
final class LeftOvers {
    private static final Logger LOG = LoggerFactory.getLogger(LeftOvers.class);

    private enum Order {
        LOOK
    }

    private final RuntimeExecutor executor;
    private final Mailbox mailbox;
    private final Limits limits;
    private final EngineThreads threads;
    private final Sinks.Many<Order> orders = Sinks.many().unicast().onBackpressureBuffer();

    LeftOvers(RuntimeExecutor executor, Mailbox mailbox, EngineConfig config, EngineThreads threads) {
        this.executor = executor;
        this.mailbox = mailbox;
        this.limits = config.limits();
        this.threads = threads;
    }

    /** Where they are looked for: containers and logs side by side, so that neither keeps the other waiting. */
    Flux<Void> pipeline() {
        return orders.asFlux()
                .publish(looks -> Flux.merge(
                        looking(looks, "what earlier processes left", executor.present(),
                                Letter.LeftOver::new),
                        looking(looks, "the logs that earlier processes left", executor.logged(),
                                Letter.LogLeft::new)));
    }

    void look() {
        Lane.put(orders, Order.LOOK);
    }

    private Flux<Void> looking(Flux<Order> looks, String what, Flux<PluginId> found,
            Function<PluginId, Letter> news) {
        Mono<Void> look = Limit.on(found.collectList(), "listing " + what, limits.look(), threads.timers())
                .retryWhen(threads.untilItSucceeds()
                        .doBeforeRetry(failed -> LOG.warn("{} cannot be listed, and will be later: {}", what,
                                Sentences.of(failed.failure()))))
                .flatMap(plugins -> Mono.fromRunnable(
                        () -> plugins.forEach(plugin -> mailbox.report(news.apply(plugin)))));
        return looks.onBackpressureLatest().concatMap(_ -> look, 0);
    }
}
