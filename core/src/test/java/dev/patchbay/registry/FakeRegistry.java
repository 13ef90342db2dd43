package dev.patchbay.registry;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import dev.patchbay.store.SampleImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A registry in memory, for tests of what uses one. Verifies as the port says. Can be told to fail, to hang and to be
 * slow; works on the subscribing thread, or after a pause on the scheduler it was given, so that it runs under virtual
 * time.
 */
public final class FakeRegistry implements Registry {
    private static final int CHUNK_BYTES = 100;

    private final Scheduler time;
    private final Map<String, RawManifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final List<Script> scripts = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();

    /** What a repository is asked to do. */
    public enum Step {
        /** {@link Repository#manifest}. */
        MANIFEST,
        /** {@link Repository#blob}. */
        BLOB,
        /** {@link Repository#upload}. */
        UPLOAD,
        /** {@link Repository#publish}. */
        PUBLISH
    }

    /** Something that was asked of a repository: which one, and a reference, a tag or a digest. */
    public record Request(Step step, String repository, String what, RegistryAccess access) {}

    /** How a request goes. */
    public sealed interface Behaviour {
        /** It fails at once. */
        record Fails(RegistryException exception) implements Behaviour {}

        /** Nothing ever comes. */
        record Hangs() implements Behaviour {}

        /** It begins late. */
        record Waits(Duration pause) implements Behaviour {}

        /** It fails after half of its bytes. */
        record Breaks(RegistryException exception) implements Behaviour {}
    }

    private record Script(Predicate<Request> hits, Behaviour behaviour) {}

    /** Makes an empty one. */
    public FakeRegistry(Scheduler time) {
        this.time = time;
    }

    /** Lets requests behave from now on; what was said last counts. */
    public void script(Predicate<Request> hits, Behaviour behaviour) {
        scripts.addFirst(new Script(hits, behaviour));
    }

    /** Lets all requests of a kind behave. */
    public void script(Step step, Behaviour behaviour) {
        script(request -> request.step() == step, behaviour);
    }

    /** Lets all go well again. */
    public void calm() {
        scripts.clear();
    }

    /** Publishes an image: blobs, manifest, tag. */
    public void publish(String reference, SampleImage sample) {
        Reference where = Reference.parse(reference);
        sample.blobs().forEach((digest, bytes) -> putBlob(where.name(), digest, bytes));
        putBlob(where.name(), sample.image().config().digest(), sample.image().configJson());
        publish(reference, sample.image().manifest());
    }

    /** Publishes a manifest or index, which may name what is not there. */
    public void publish(String reference, RawManifest manifest) {
        Reference where = Reference.parse(reference);
        manifests.put(where.name() + "@" + manifest.digest(), manifest);
        where.tag().ifPresent(tag -> manifests.put(where.name() + ":" + tag, manifest));
    }

    /** Puts a blob into a repository, by its full name. */
    public void putBlob(String repository, Digest digest, byte[] bytes) {
        blobs.put(repository + "@" + digest, bytes);
    }

    /** What a tag names. */
    public Optional<RawManifest> tagged(String reference) {
        return Optional.ofNullable(manifests.get(Reference.parse(reference).full()));
    }

    /** Whether a repository has a blob. */
    public boolean hasBlob(String repository, Digest digest) {
        return blobs.containsKey(repository + "@" + digest);
    }

    /** What was asked so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** What was asked of one kind: references, tags, digests. */
    public List<String> requests(Step step) {
        return requests.stream().filter(request -> request.step() == step).map(Request::what).toList();
    }

    /** How many requests were begun and neither ended nor cancelled. */
    public int underWay() {
        return underWay.get();
    }

    @Override
    public Repository repository(Reference name, Action action, RegistryAccess access) {
        return new InMemory(name.name(), access);
    }

    @Override
    public Mono<String> login(String server, Credentials credentials) {
        return Mono.just("");
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private <T> Flux<T> answer(Request request, Flux<T> well) {
        return Flux.defer(() -> {
            requests.add(request);
            underWay.incrementAndGet();
            Flux<T> answer = scripts.stream()
                    .filter(script -> script.hits().test(request))
                    .findFirst()
                    .map(script -> behave(script.behaviour(), well))
                    .orElse(well);
            return answer.doFinally(_ -> underWay.decrementAndGet());
        });
    }

    private <T> Flux<T> behave(Behaviour behaviour, Flux<T> well) {
        return switch (behaviour) {
            case Behaviour.Fails(RegistryException exception) -> Flux.error(exception);
            case Behaviour.Hangs() -> Flux.never();
            case Behaviour.Waits(Duration pause) -> well.delaySubscription(pause, time);
            case Behaviour.Breaks(RegistryException exception) -> well.collectList()
                    .flatMapMany(all -> Flux.fromIterable(all.subList(0, all.size() / 2)))
                    .concatWith(Flux.error(exception));
        };
    }

    private static Flux<ByteBuffer> chunks(byte[] bytes) {
        var chunks = new ArrayList<byte[]>();
        for (int at = 0; at < bytes.length; at += CHUNK_BYTES) {
            chunks.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + CHUNK_BYTES)));
        }
        return Flux.fromIterable(chunks).map(ByteBuffer::wrap);
    }

    /** One repository. */
    private final class InMemory implements Repository {
        private final String name;
        private final RegistryAccess access;

        InMemory(String name, RegistryAccess access) {
            this.name = name;
            this.access = access;
        }

        @Override
        public Mono<RawManifest> manifest(Reference reference) {
            String key = name + reference.digest()
                    .map(digest -> "@" + digest)
                    .orElseGet(() -> ":" + reference.tag().orElse(Reference.DEFAULT_TAG));
            return answer(request(Step.MANIFEST, key), Flux.defer(() -> {
                RawManifest manifest = manifests.get(key);
                return manifest == null ? Flux.error(missing(key)) : Flux.just(manifest);
            })).next();
        }

        @Override
        public Flux<ByteBuffer> blob(Descriptor blob) {
            return answer(request(Step.BLOB, blob.digest().toString()), Flux.defer(() -> {
                byte[] bytes = blobs.get(name + "@" + blob.digest());
                if (bytes == null) {
                    return Flux.error(missing(name + "@" + blob.digest()));
                }
                boolean whole = bytes.length == blob.size()
                        && Digest.of(blob.digest().algorithm(),
                                blob.digest().algorithm().newMessageDigest().digest(bytes))
                                .equals(blob.digest());
                byte[] shown = bytes.length > blob.size() ? Arrays.copyOf(bytes, (int) blob.size()) : bytes;
                return whole
                        ? chunks(bytes)
                        : chunks(shown).concatWith(Flux.error(new RegistryException.Broken(
                                "fake: " + blob.digest() + " is not what its digest says", null)));
            }));
        }

        @Override
        public Mono<Upload> upload(
                Descriptor blob,
                Publisher<ByteBuffer> content,
                Optional<Reference> mountFrom,
                LongConsumer sent) {
            return answer(request(Step.UPLOAD, blob.digest().toString()), Flux.defer(() -> {
                if (blobs.containsKey(name + "@" + blob.digest())) {
                    return Flux.just(Upload.EXISTED);
                }
                byte[] there = blobs
                        .get(mountFrom.map(Reference::name).orElse("nowhere") + "@" + blob.digest());
                if (there != null) {
                    blobs.put(name + "@" + blob.digest(), there);
                    return Flux.just(Upload.MOUNTED);
                }
                return receive(blob, content, sent).flux();
            })).next();
        }

        private Mono<Upload> receive(Descriptor blob, Publisher<ByteBuffer> content, LongConsumer sent) {
            return Flux.from(content)
                    .collect(ByteArrayOutputStream::new, (all, buffer) -> {
                        byte[] chunk = new byte[buffer.remaining()];
                        buffer.get(chunk);
                        all.writeBytes(chunk);
                        sent.accept(all.size());
                    })
                    .map(all -> {
                        blobs.put(name + "@" + blob.digest(), all.toByteArray());
                        return Upload.SENT;
                    });
        }

        @Override
        public Mono<Digest> publish(String tag, RawManifest manifest) {
            return answer(request(Step.PUBLISH, tag), Flux.defer(() -> {
                FakeRegistry.this.publish(name + ":" + tag, manifest);
                return Flux.just(manifest.digest());
            })).next();
        }

        private Request request(Step step, String what) {
            return new Request(step, name, what, access);
        }

        private RegistryException missing(String what) {
            return new RegistryException.NotFound("fake: there is no " + what);
        }
    }
}
