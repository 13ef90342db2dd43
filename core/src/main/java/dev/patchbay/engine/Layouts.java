package dev.patchbay.engine;

import dev.patchbay.Consent;
import dev.patchbay.PluginStorageException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.archive.LayoutWriter;
import dev.patchbay.engine.Delivery.Origin;
import dev.patchbay.engine.StoredImage.Parts;
import dev.patchbay.engine.Ticket.Claim;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.OciLayout;
import dev.patchbay.image.PluginImage;
import dev.patchbay.image.RawManifest;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.ImportedLayout;
import dev.patchbay.store.InvalidContentException;
import dev.patchbay.store.StagedPlugin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Plugins that travel as archives. */
final class Layouts {
    private static final String THE_LAYOUT = "the layout";

    private final Works works;

    Layouts(Works works) {
        this.works = works;
    }

    Flux<ByteBuffer> export(String nameOrId) {
        return works.untilClosing(Flux.defer(() -> {
            PluginRecord record = works.snapshot().record(nameOrId);
            return new StoredImage(works, record)
                    .with(parts -> written(record.plugin().name(), parts));
        }));
    }

    private Flux<ByteBuffer> written(PluginName name, Parts parts) {
        var stored = new StoredBlobs(works);
        RawManifest manifest = parts.manifest();
        List<LayoutWriter.Blob> blobs = new ArrayList<>();
        blobs.add(new LayoutWriter.Blob(manifest.digest(), manifest.bytes().length,
                Mono.fromSupplier(() -> ByteBuffer.wrap(manifest.bytes()).asReadOnlyBuffer())));
        parts.blobs()
                .forEach(blob -> blobs.add(
                        new LayoutWriter.Blob(blob.digest(), blob.size(), stored.read(blob.digest()))));
        byte[] index = OciLayout.index(manifest.descriptor(), name.reference());
        return new LayoutWriter(OciLayout.marker(), index, blobs).bytes()
                .onErrorMap(IOException.class,
                        e -> new PluginStorageException(String.valueOf(e.getMessage()), e));
    }

    Mono<PluginId> read(String text, Consent consent, Publisher<ByteBuffer> layout) {
        return Creation.name(text).flatMap(name -> {
            var ticket = new Ticket(Intake.newId(works), new Claim.Name(name));
            return new Intake(works).of(ticket, staging(consent, layout)).thenReturn(ticket.plugin());
        });
    }

    private Mono<Delivery> staging(Consent consent, Publisher<ByteBuffer> layout) {
        // What is staged protects its blobs itself, so the layout is let go in every case. Not by usingWhen, which keeps
        // the value until the end, and drops it if its asker leaves in between: then nobody would discard it.
        return Mono.defer(() -> {
            var reading = works.fedWorks().of("reading the archive");
            return reading.limited(works.store().readLayout(reading.fed(layout)));
        })
                .flatMap(imported -> Mono.defer(() -> stage(imported, consent))
                        .doFinally(_ -> release(imported)))
                .onErrorMap(InvalidContentException.class,
                        e -> new UnusableImageException(String.valueOf(e.getMessage()), e))
                .map(staged -> new Delivery(staged, new Origin.Local()));
    }

    private Mono<StagedPlugin> stage(ImportedLayout imported, Consent consent) {
        return new ImageFetch(new Source(), works.config().platform(), works.threads().work(), THE_LAYOUT)
                .of(imported.index())
                .flatMap(image -> stage(image, consent));
    }

    private Mono<StagedPlugin> stage(PluginImage image, Consent consent) {
        ConsentCheck.require(image.parsed(), consent);
        var unpacking = works.fedWorks().of("unpacking it");
        return unpacking.limited(
                works.store()
                        .stage(image, layer -> Flux.error(() -> missing("layer", layer)),
                                _ -> unpacking.moved()));
    }

    private void release(ImportedLayout imported) {
        works.store().release(imported.lease());
        works.report(new Letter.GarbageLeft()); // all of it if it was refused, and what is for other platforms
    }

    private static UnusableImageException missing(String what, Descriptor blob) {
        return new UnusableImageException(what + " " + blob.digest() + " is not in the archive", null);
    }

    /** What was read into the store. */
    private final class Source implements ImageSource {
        private final StoredBlobs stored = new StoredBlobs(works);

        @Override
        public Mono<RawManifest> manifest(Descriptor manifest) {
            return found("manifest", manifest)
                    .flatMap(_ -> stored.bytes(manifest, RawManifest.MAX_BYTES))
                    .map(bytes -> new RawManifest(manifest.mediaType(), manifest.digest(), bytes));
        }

        @Override
        public Flux<ByteBuffer> config(Descriptor config) {
            return found("configuration", config).flatMapMany(_ -> stored.read(config.digest()));
        }

        private Mono<Long> found(String what, Descriptor blob) {
            return stored.size(blob.digest()).switchIfEmpty(Mono.error(() -> missing(what, blob)));
        }
    }
}
