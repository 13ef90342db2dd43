package dev.patchbay.engine;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.reference.InvalidReferenceException;
import dev.patchbay.store.InvalidContentException;
import dev.patchbay.store.StagedPlugin;
import dev.patchbay.store.StoreException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Makes a plugin from a context: reserves the name, stages the context on the caller's demand, installs. Ends in a
 * plugin or in nothing, however it ends: what is reserved is given back, what is staged is discarded.
 */
final class Creation {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Works works;

    Creation(Works works) {
        this.works = works;
    }

    Mono<PluginId> of(String name, Publisher<ByteBuffer> context) {
        return Mono.fromCallable(() -> new Attempt(PluginId.random(RANDOM), PluginName.parse(name)))
                .onErrorMap(InvalidReferenceException.class,
                        e -> new InvalidRequestException(
                                "invalid plugin name \"" + name + "\": " + e.getMessage(), e))
                .flatMap(attempt -> Mono.usingWhen(
                        // The attempt itself is the resource, not its reservation: a caller who leaves while
                        // the reservation is on its way would leave it behind.
                        Mono.just(attempt),
                        started -> reserveStageAndInstall(started, context),
                        this::giveUp,
                        (started, _) -> giveUp(started),
                        this::giveUp));
    }

    private Mono<PluginId> reserveStageAndInstall(Attempt attempt, Publisher<ByteBuffer> context) {
        return works.reserve(attempt.plugin, attempt.name, attempt.over::get)
                .then(Mono.defer(() -> works.store().stage(attempt.name, context)))
                .onErrorMap(InvalidContentException.class, PluginEngine::invalid)
                .onErrorMap(StoreException.class,
                        e -> new PluginStorageException(String.valueOf(e.getMessage()), e))
                .flatMap(staged -> {
                    attempt.staged.set(staged);
                    return works.install(attempt.plugin, staged);
                })
                .thenReturn(attempt.plugin);
    }

    /** Means nothing once the plugin is being installed: then the state thread is in charge. */
    private Mono<Void> giveUp(Attempt attempt) {
        return Mono.fromRunnable(() -> {
            attempt.over.set(true); // before the release, so that a reservation that comes after it is refused
            works.report(new Letter.Release(attempt.plugin, Optional.ofNullable(attempt.staged.get())));
        });
    }

    /** One create under way. */
    private static final class Attempt {
        private final PluginId plugin;
        private final PluginName name;
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicReference<@Nullable StagedPlugin> staged = new AtomicReference<>();

        Attempt(PluginId plugin, PluginName name) {
            this.plugin = plugin;
            this.name = name;
        }
    }
}
