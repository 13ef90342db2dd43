package dev.patchbay.engine;

import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PushProgress;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.engine.Progress.Teller;
import dev.patchbay.engine.StoredImage.Parts;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.RawManifest;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidReferenceException;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.registry.RegistryException;
import dev.patchbay.registry.Repository;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Plugins that go to registries: under their own name, every blob before the manifest. */
final class Pushes {
    /** Blobs sent side by side, as moby ({@code plugin/backend_linux.go} leaves it to containerd's limit of five). */
    private static final int SIDE_BY_SIDE = 5;

    private static final String PUSHING = "error pushing plugin";

    private final Works works;

    Pushes(Works works) {
        this.works = works;
    }

    Flux<PushProgress> of(String nameOrId, RegistryAccess access) {
        return works.progress(teller -> {
            PluginRecord record = works.snapshot().record(nameOrId);
            return works.untilClosing(new StoredImage(works, record)
                    .with(parts -> new Push(record, parts, access, teller).run())
                    .next());
        });
    }

    /** One push of parts that do not go away meanwhile. */
    private final class Push {
        private final PluginRecord record;
        private final Parts parts;
        private final Reference target;
        private final Repository repository;
        private final Teller<PushProgress> teller;

        Push(PluginRecord record, Parts parts, RegistryAccess access, Teller<PushProgress> teller) {
            this.record = record;
            this.parts = parts;
            this.target = record.plugin().name().reference();
            this.repository = works.registry().repository(target, Registry.Action.PUSH, access);
            this.teller = teller;
        }

        Mono<PushProgress> run() {
            return Mono.defer(() -> {
                teller.tell(target, new PushProgress.Started(target));
                return remembered()
                        .thenMany(Flux.fromIterable(parts.blobs()))
                        .flatMap(this::upload, SIDE_BY_SIDE)
                        .then(Mono.defer(this::publish));
            });
        }

        /** So that the next push sends the same manifest, whatever becomes of this one (D24). */
        private Mono<Void> remembered() {
            return parts.rebuilt()
                    ? works.submit(new Command.RecordManifest(record.plugin().id(), parts.config().digest(),
                            parts.manifest().digest()))
                            // Removed meanwhile: there is no next push to remember it for.
                            .onErrorResume(PluginNotFoundException.class, _ -> Mono.empty())
                    : Mono.empty();
        }

        private Mono<Void> upload(Descriptor blob) {
            return Mono.defer(() -> {
                var steps = new BlobSteps(blob, teller);
                var unreadable = new AtomicReference<@Nullable Throwable>();
                var content = new StoredBlobs(works).read(blob.digest()).onErrorMap(e -> {
                    unreadable.set(e); // whatever the client makes of it, this is what went wrong
                    return e;
                });
                steps.preparing();
                return repository.upload(blob, content, mountFrom(), steps::sent)
                        .onErrorMap(e -> cause(unreadable.get(), e))
                        .flatMap(upload -> Mono.<Void>fromRunnable(() -> steps.ended(upload)));
            });
        }

        private static Throwable cause(@Nullable Throwable unreadable, Throwable e) {
            return unreadable != null ? unreadable : failed(e);
        }

        private Mono<PushProgress> publish() {
            RawManifest manifest = parts.manifest();
            String tag = target.tag().orElse(Reference.DEFAULT_TAG);
            var steps = new BlobSteps(manifest.descriptor(), teller);
            steps.preparing();
            return repository.publish(tag, manifest)
                    .onErrorMap(Push::failed)
                    .map(digest -> {
                        check(digest);
                        steps.ended(Repository.Upload.SENT);
                        works.report(new Letter.Report(
                                new Command.Published(record.plugin().id(), target.full(), digest)));
                        return new PushProgress.Done(tag, digest, manifest.bytes().length);
                    });
        }

        private void check(Digest published) {
            if (!published.equals(parts.manifest().digest())) {
                throw new RemoteFailedException(PUSHING + ": the registry calls the manifest "
                        + parts.manifest().digest() + " " + published, null);
            }
        }

        private static Throwable failed(Throwable e) {
            return e instanceof RegistryException refusal ? told(refusal) : e;
        }

        private static PluginException told(RegistryException refusal) {
            return RemoteImage.failed(PUSHING, refusal);
        }

        /** Where it was pulled from, if that is another repository of the same registry. */
        private Optional<Reference> mountFrom() {
            try {
                return Optional.of(Reference.parse(record.plugin().reference()))
                        .filter(from -> from.domain().equals(target.domain()))
                        .filter(from -> !from.path().equals(target.path()));
            } catch (InvalidReferenceException _) {
                return Optional.empty(); // a record that Docker wrote may have none (D13)
            }
        }
    }
}
