package dev.patchbay.registry;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reaches nothing, and says so. */
final class NoRegistry implements Registry, Repository {
    private final String why;

    /**
     * Makes one.
     *
     * @param why what it says to everybody
     */
    NoRegistry(String why) {
        this.why = why;
    }

    @Override
    public Repository repository(Reference name, Action action, RegistryAccess access) {
        return this;
    }

    @Override
    public Mono<String> login(String server, Credentials credentials) {
        return Mono.error(this::unavailable);
    }

    @Override
    public Mono<RawManifest> manifest(Reference reference) {
        return Mono.error(this::unavailable);
    }

    @Override
    public Flux<ByteBuffer> blob(Descriptor blob) {
        return Flux.error(this::unavailable);
    }

    @Override
    public Mono<Upload> upload(
            Descriptor blob,
            Publisher<ByteBuffer> content,
            Optional<Reference> mountFrom,
            LongConsumer sent) {
        return Mono.error(this::unavailable);
    }

    @Override
    public Mono<Digest> publish(String tag, RawManifest manifest) {
        return Mono.error(this::unavailable);
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private RegistryException unavailable() {
        return new RegistryException.Unavailable(why, null);
    }
}
