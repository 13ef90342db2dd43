package dev.patchbay.engine;

import dev.patchbay.UnusableImageException;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.ImageIndex;
import dev.patchbay.image.ImageManifest;
import dev.patchbay.image.InvalidImageException;
import dev.patchbay.image.Manifest;
import dev.patchbay.image.Platform;
import dev.patchbay.image.PluginImage;
import dev.patchbay.image.RawManifest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Finds the plugin that a manifest or index leads to on this machine, with everything but its layers. Follows one entry
 * of an index (moby follows all of them, D20; and none when asked for privileges, D3).
 */
final class ImageFetch {
    private final ImageSource source;
    private final Platform platform;
    private final Scheduler work;
    private final String reference;

    /**
     * Makes one.
     *
     * @param work where documents are read, which takes a while if they are large
     * @param reference what the image is called in messages
     */
    ImageFetch(ImageSource source, Platform platform, Scheduler work, String reference) {
        this.source = source;
        this.platform = platform;
        this.work = work;
        this.reference = reference;
    }

    /** The plugin that a reference led to. Fails with {@link UnusableImageException}, and as its source does. */
    Mono<PluginImage> of(RawManifest top) {
        return Mono.just(top)
                .publishOn(work)
                .flatMap(raw -> follow(raw, Manifest.parse(raw), 0))
                .onErrorMap(InvalidImageException.class, this::unusable);
    }

    private Mono<PluginImage> follow(RawManifest raw, Manifest parsed, int indexes) {
        return switch (parsed) {
            case ImageManifest manifest -> complete(raw, manifest);
            case ImageIndex index -> descend(index.choose(platform), indexes + 1);
        };
    }

    private Mono<PluginImage> descend(Descriptor chosen, int indexes) {
        if (indexes > ImageIndex.MAX_DEPTH) {
            return Mono.error(new InvalidImageException(
                    "its indexes lead to one another more than " + ImageIndex.MAX_DEPTH + " times"));
        }
        return source.manifest(chosen)
                .publishOn(work)
                .flatMap(raw -> follow(raw, Manifest.parse(raw, chosen), indexes));
    }

    private Mono<PluginImage> complete(RawManifest raw, ImageManifest manifest) {
        manifest.requirePlugin(reference); // before anything that it names is fetched
        return source.config(manifest.config())
                .collect(ByteArrayOutputStream::new, (bytes, buffer) -> append(manifest, bytes, buffer))
                .publishOn(work)
                .map(bytes -> PluginImage.of(raw, manifest, bytes.toByteArray()));
    }

    private static void append(ImageManifest manifest, ByteArrayOutputStream bytes, ByteBuffer buffer) {
        if (bytes.size() + buffer.remaining() > manifest.config().size()) {
            throw new InvalidImageException("its configuration has more than the " + manifest.config().size()
                    + " bytes that its manifest says");
        }
        StoredBlobs.append(bytes, buffer);
    }

    private UnusableImageException unusable(InvalidImageException e) {
        String message = String.valueOf(e.getMessage());
        return new UnusableImageException(
                message.contains(reference) ? message : reference + ": " + message, e);
    }
}
