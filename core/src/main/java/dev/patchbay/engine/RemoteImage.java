package dev.patchbay.engine;

import dev.patchbay.PluginException;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.RemoteNotFoundException;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.registry.Repository;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An image in a registry. Turns the registry's failures into the façade's, beginning with what was attempted; those of
 * the first step in the words of moby ({@code plugin/fetch_linux.go}).
 */
final class RemoteImage implements ImageSource {
    private static final String RESOLVING = "error resolving plugin reference: ";
    private static final String DENIED = "pull access denied, repository does not exist or may require authorization: ";

    private final Repository repository;
    private final Reference reference;

    /** Makes one of a repository and the reference that is fetched from it. */
    RemoteImage(Repository repository, Reference reference) {
        this.repository = repository;
        this.reference = reference;
    }

    /**
     * What is fetched when a reference is asked for: by digest if it has one, its tag counts for the local name only;
     * else by tag, the default one if it has none (moby {@code registry/service.go}, {@code plugin/backend_linux.go}).
     */
    static Reference exact(Reference remote) {
        return remote.digest().isPresent() ? remote.withoutTag() : remote.withDefaultTag();
    }

    Reference reference() {
        return reference;
    }

    /** What the reference names. */
    Mono<RawManifest> resolve() {
        return repository.manifest(reference).onErrorMap(RegistryException.class, this::unresolved);
    }

    @Override
    public Mono<RawManifest> manifest(Descriptor manifest) {
        return repository.manifest(reference.withoutTag().withDigest(manifest.digest()))
                .onErrorMap(RegistryException.class, e -> failed("error fetching the manifest "
                        + manifest.digest() + " that the index of " + reference + " names", e));
    }

    @Override
    public Flux<ByteBuffer> config(Descriptor config) {
        return repository.blob(config)
                .onErrorMap(RegistryException.class,
                        e -> failed("error fetching the plugin config of " + reference, e));
    }

    /** The bytes of a layer. */
    Flux<ByteBuffer> layer(Descriptor layer) {
        return repository.blob(layer)
                .onErrorMap(RegistryException.class,
                        e -> failed("error fetching the layer " + layer.digest() + " of " + reference, e));
    }

    private PluginException unresolved(RegistryException e) {
        return switch (e) {
            case RegistryException.NotFound _ ->
                new RemoteNotFoundException(RESOLVING + reference + ": not found", e);
            case RegistryException.Denied _ ->
                new RemoteDeniedException(RESOLVING + DENIED + e.getMessage(), e);
            case RegistryException.Unavailable _,RegistryException.Broken _ ->
                new RemoteFailedException(RESOLVING + reference + ": " + e.getMessage(), e);
        };
    }

    /** What the façade tells of a registry that did not do what was attempted. */
    static PluginException failed(String attempt, RegistryException e) {
        String message = attempt + ": " + e.getMessage();
        return switch (e) {
            case RegistryException.NotFound _ -> new RemoteNotFoundException(message, e);
            case RegistryException.Denied _ -> new RemoteDeniedException(message, e);
            case RegistryException.Unavailable _,RegistryException.Broken _ ->
                new RemoteFailedException(message, e);
        };
    }
}
