package dev.patchbay.store;

import dev.patchbay.archive.ArchiveException;
import dev.patchbay.archive.ContextSplitter;
import dev.patchbay.archive.Ownership;
import dev.patchbay.archive.PluginContext;
import dev.patchbay.archive.PublisherInputStream;
import dev.patchbay.image.LayerPacking;
import dev.patchbay.image.PluginManifest;
import dev.patchbay.image.RawManifest;
import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.ConfigProblem;
import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/** The work of making a staged plugin out of one context. */
final class StageAttempt extends Stage {
    private static final Logger LOG = LoggerFactory.getLogger(StageAttempt.class);

    // Enough for a sender to work ahead while a piece is unpacked; buffers of an HTTP body have some 8 KiB, and pieces 128 KiB.
    private static final int PREFETCHED_BUFFERS = 32;

    private final PluginName name;
    private final Publisher<ByteBuffer> context;

    StageAttempt(StageFactory with, PluginName name, Publisher<ByteBuffer> context) {
        super(with);
        this.name = name;
        this.context = context;
    }

    @Override
    StagedPlugin work() {
        try (TreeSync tree = prepare();
                Ingest ingest = with().content().begin(Digest.Algorithm.SHA256);
                var early = new EarlySync(with().flushing(), tree::sync)) {
            PluginContext read = with().files().step(DiskStep.UNPACK, rootfs(), () -> split(ingest, early));
            PluginConfig authored = check(read.config());
            early.check();
            tree.sync();
            return store(authored, read.diffId(), ingest.commit(lease()));
        }
    }

    private PluginContext split(Ingest layer, EarlySync early) throws IOException {
        var splitter = new ContextSplitter(with().limits(), Ownership.ofThisProcess(), with().compression());
        Publisher<ByteBuffer> marked = Flux.from(context).onErrorMap(SenderFailure::new);
        try (var stream = new CountedStream(new PublisherInputStream(marked, PREFETCHED_BUFFERS), _ -> {},
                early::read)) {
            return splitter.split(stream, rootfs(), layer);
        } catch (SenderFailure e) {
            throw Exceptions.propagate(Objects.requireNonNull(e.getCause()));
        } catch (ArchiveException e) {
            throw ArchiveFaults.judged("", e, rootfs());
        }
    }

    private PluginConfig check(byte[] json) {
        try {
            CheckedConfig checked = CheckedConfig.parse(json);
            if (!checked.warnings().isEmpty()) {
                LOG.info("config.json of {}: {}", name,
                        checked.warnings()
                                .stream()
                                .map(ConfigProblem::toString)
                                .collect(Collectors.joining("; ")));
            }
            return checked.config();
        } catch (InvalidPluginConfigException e) {
            throw new InvalidContentException("config.json is not usable: " + e.getMessage(), e);
        }
    }

    // moby records the digest of the packed layer, which verifies nothing once it is unpacked (D12).
    private StagedPlugin store(PluginConfig authored, Digest diffId, Ingest.Blob layer) {
        PluginConfig config = authored.withRootfs(PluginConfig.Rootfs.layers(List.of(diffId)));
        byte[] json = PluginJson.blob(config);
        var configBlob = new Ingest.Blob(with().content().put(json, lease()), json.length);
        RawManifest built = PluginManifest.of(
                PluginManifest.config(configBlob.digest(), configBlob.size()),
                List.of(PluginManifest.layer(layer.digest(), layer.size(), LayerPacking.GZIP)));
        Digest manifest = with().content().put(built.bytes(), lease());
        return new StagedPlugin(rootfs(), config, configBlob.digest(), manifest, List.of(layer.digest()));
    }
}
