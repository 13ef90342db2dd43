package dev.patchbay.simulation;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.Credentials;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.registry.Repository;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A registry that has all versions, {@code registry.test/plugin:vN}, and takes what is pushed. It is slow at times, and in
 * bad times it fails, breaks off, or has lost what it had. Content that is wrong is the real client's to notice.
 */
final class SimulatedRegistry implements Registry, Repository {
    static final String HOST = "registry.test";

    private final Map<String, RawManifest> published = new HashMap<>();
    private final Map<Digest, byte[]> blobs = new HashMap<>();
    private final Surroundings surroundings;
    private final Lanes threads;

    SimulatedRegistry(Surroundings surroundings, Lanes threads) {
        this.surroundings = surroundings;
        this.threads = threads;
        for (int version = 0; version < SampleImages.VERSIONS; version++) {
            SampleImages.Sample sample = SampleImages.of(version);
            published.put("v" + version, sample.image().manifest());
            blobs.put(sample.config(), sample.image().configJson());
            for (int at = 0; at < sample.layers().size(); at++) {
                blobs.put(sample.image().layers().get(at).digest(), sample.layers().get(at));
            }
        }
    }

    /** Where a version is. */
    static Reference reference(int version) {
        return Reference.parse(HOST + "/plugin:v" + version);
    }

    @Override
    public Repository repository(Reference name, Action action, RegistryAccess access) {
        return this;
    }

    @Override
    public Mono<RawManifest> manifest(Reference reference) {
        return later(() -> published.get(reference.tag().orElse(Reference.DEFAULT_TAG)));
    }

    @Override
    public Flux<ByteBuffer> blob(Descriptor blob) {
        return later(() -> blobs.get(blob.digest())).flatMapMany(this::sent);
    }

    private Flux<ByteBuffer> sent(byte[] bytes) {
        int half = bytes.length / 2;
        Flux<ByteBuffer> first = Flux.just(ByteBuffer.wrap(bytes, 0, half));
        return first.concatWith(later(() -> ByteBuffer.wrap(bytes, half, bytes.length - half)));
    }

    @Override
    public Mono<Upload> upload(Descriptor blob, Publisher<ByteBuffer> content, Optional<Reference> mountFrom,
            LongConsumer sent) {
        return later(() -> Upload.SENT)
                .flatMap(upload -> Flux.from(content).map(ByteBuffer::remaining).collectList().map(sizes -> {
                    sent.accept(total(sizes));
                    return upload;
                }));
    }

    private static long total(List<Integer> sizes) {
        return sizes.stream().mapToLong(Integer::longValue).sum();
    }

    @Override
    public Mono<Digest> publish(String tag, RawManifest manifest) {
        return later(manifest::digest);
    }

    @Override
    public Mono<String> login(String server, Credentials credentials) {
        return Mono.just("");
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private <T> Mono<T> later(Supplier<@org.jspecify.annotations.Nullable T> answer) {
        return Mono.create(sink -> sink.onDispose(threads.any().after(surroundings.registryPause(), () -> {
            T found = answer.get();
            if (surroundings.hasBadRegistry() && surroundings.chance().oneIn(3)) {
                sink.error(new RegistryException.Unavailable("the registry is out of order", null));
            } else if (found == null) {
                sink.error(new RegistryException.NotFound("there is no such thing"));
            } else {
                sink.success(found);
            }
        })));
    }
}
