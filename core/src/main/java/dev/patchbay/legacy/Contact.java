package dev.patchbay.legacy;

import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginCallException;
import dev.patchbay.client.GenerationClient;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The client of a legacy plugin, as long as its file stays what it is. It asks the plugin what it implements until it has said
 * so once: first with the pauses of calls that are repeatable, later ever more seldom.
 */
final class Contact {
    private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

    /** No event tells that a plugin which listens on a port came to life. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final GenerationClient client;
    private final Consumer<State> news;
    private final LegacyPlugins.Outside outside;
    private final Disposable.Swap asking = Disposables.swap();

    /**
     * Asks nothing yet.
     *
     * @param news hears what is known
     */
    Contact(GenerationClient client, Consumer<State> news, LegacyPlugins.Outside outside) {
        this.client = client;
        this.news = news;
        this.outside = outside;
    }

    GenerationClient client() {
        return client;
    }

    void begin() {
        asking.replace(asked(client.subsystems())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .jitter(0)
                        .scheduler(outside.timers()))
                .subscribe(_ -> {}, e -> LOG.debug("{} is not asked any more", client.plugin(), e)));
    }

    /** What it implements: what is being found out at this moment, or else one question more. */
    Mono<Set<String>> now(State known) {
        return switch (known) {
            case State.Failing _ -> asked(client.subsystemsAtOnce());
            case State.Activating _,State.Active _,State.Unusable _ -> asked(client.subsystems());
        };
    }

    private Mono<Set<String>> asked(Mono<Set<String>> question) {
        return question.publishOn(outside.replies())
                .doOnNext(said -> news.accept(new State.Active(said)))
                .doOnError(PluginCallException.class,
                        e -> news.accept(new State.Failing(String.valueOf(e.getMessage()))));
    }

    /** Ends it. */
    void end() {
        asking.dispose();
        var _ = client.end()
                .subscribe(null, e -> LOG.debug("the clients were closed before {}'s", client.plugin(), e));
    }
}
