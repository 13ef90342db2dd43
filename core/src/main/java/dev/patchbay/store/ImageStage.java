package dev.patchbay.store;

import dev.patchbay.archive.ArchiveException;
import dev.patchbay.archive.LayerUnpacker;
import dev.patchbay.archive.Ownership;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.Exceptions;

/**
 * The work of making a staged plugin out of one image.
 *
 * <p>One thread unpacks the layers in the manifest's order (moby: in the order of their arrival, D21), each while it is
 * still being fetched: it follows the file that the fetching thread writes. Nothing becomes a blob before every layer was
 * fetched, verified and unpacked; then all do, manifest and configuration too (moby forgets some, D19), each leased
 * since before it was looked for (moby: not at all, D2).
 */
final class ImageStage extends Stage {
    private final PluginImage image;
    private final BlobSource source;
    private final Map<Descriptor, LayerTeller> tellers = new HashMap<>();

    ImageStage(StageFactory with, PluginImage image, BlobSource source, Consumer<LayerProgress> progress) {
        super(with);
        this.image = image;
        this.source = source;
        for (Descriptor layer : image.layers()) {
            tellers.put(layer, new LayerTeller(layer, progress, with.fetching().clock()));
        }
    }

    @Override
    StagedPlugin work() {
        try (TreeSync tree = prepare();
                var fetches = new LayerFetches();
                var early = new EarlySync(with().flushing(), tree::sync)) {
            image.layers().stream().distinct().forEach(layer -> plan(layer, fetches));
            fetches.start(with().fetching());
            List<Descriptor> layers = image.layers();
            for (int i = 0; i < layers.size(); i++) {
                unpack(layers.get(i), DiffId.of(image, i), new Arrival(fetches, early));
            }
            early.check();
            tree.sync();
            fetches.commit(lease());
            return store();
        } finally {
            stopTelling();
        }
    }

    /** How layers come, and who is told of it. */
    private record Arrival(LayerFetches fetches, EarlySync early) {}

    @Override
    void whenGivenUp() {
        stopTelling();
    }

    private void stopTelling() {
        tellers.values().forEach(LayerTeller::stop);
    }

    private void plan(Descriptor layer, LayerFetches fetches) {
        LayerTeller teller = teller(layer);
        lease().claim(layer.digest());
        if (with().content().size(layer.digest()).equals(Optional.of(layer.size()))) {
            teller.exists();
        } else {
            teller.waiting();
            fetches.add(layer, new LayerFetch(layer, source, with().content(), teller));
        }
    }

    private void unpack(Descriptor layer, DiffId expected, Arrival arrival) {
        LayerTeller teller = teller(layer);
        try {
            with().files().step(DiskStep.UNPACK, rootfs(), () -> {
                try (var packed = new CountedStream(open(layer, arrival.fetches()), teller::extracting,
                        arrival.early()::read)) {
                    extract(layer, packed, expected);
                }
                return layer;
            });
        } catch (StoreException | InvalidContentException e) {
            // Whatever the reader stumbled over follows from a fetch that failed.
            throw arrival.fetches().failure().map(Exceptions::propagate).orElse(e);
        }
        teller.complete();
    }

    private void extract(Descriptor layer, CountedStream packed, DiffId expected) throws IOException {
        var unpacker = new LayerUnpacker(with().limits(), Ownership.ofThisProcess(), with().decompression());
        try {
            if (expected.hash().isPresent()) {
                unpacker.unpack(packed, rootfs(), expected.hash().get());
            } else {
                unpacker.unpack(packed, rootfs());
            }
        } catch (ArchiveException e) {
            throw ArchiveFaults.judged("layer " + layer.digest() + " cannot be unpacked: ", e,
                    rootfs());
        }
        expected.check(layer);
    }

    private InputStream open(Descriptor layer, LayerFetches fetches) throws IOException {
        Optional<GrowingData> arriving = fetches.data(layer);
        if (arriving.isPresent()) {
            return new GrowingStream(arriving.get());
        }
        Path blob = with().layout().blob(layer.digest());
        return new VerifyingStream(Files.newInputStream(blob, LinkOption.NOFOLLOW_LINKS), layer.digest(),
                blob);
    }

    private StagedPlugin store() {
        with().content().put(image.configJson(), image.config().digest(), lease());
        with().content().put(image.manifest().bytes(), image.manifest().digest(), lease());
        return new StagedPlugin(rootfs(), image.parsed(), image.config().digest(), image.manifest().digest(),
                image.layers().stream().map(Descriptor::digest).toList());
    }

    private LayerTeller teller(Descriptor layer) {
        return Objects.requireNonNull(tellers.get(layer));
    }
}
