package dev.patchbay.web.docker;

import dev.patchbay.PullProgress;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.util.List;

/** What is written of an install or upgrade, in Docker's words. One stream's, not thread-safe. */
final class PullLines {
    private final Throttle throttle;

    PullLines(Throttle throttle) {
        this.throttle = throttle;
    }

    /** The objects that tell of a step; none if it is not worth one. */
    List<byte[]> of(PullProgress step) {
        return switch (step) {
            case PullProgress.Resolved(Reference remote, Digest digest) -> List.of(
                    ProgressJson.message("Pulling from " + remote.familiarName(), version(remote)),
                    ProgressJson.message("Digest: " + digest));
            case PullProgress.Layer(LayerProgress progress) -> layer(progress);
            case PullProgress.SettingsDropped(List<String> names) -> List.of(
                    ProgressJson.message("Settings not carried over: " + String.join(", ", names)));
            case PullProgress.Done _ -> List.of();
        };
    }

    /** The tag; for a reference with a digest, all of it. */
    private static String version(Reference remote) {
        return remote.digest().isPresent() ? remote.full() : remote.tag().orElse(Reference.DEFAULT_TAG);
    }

    private List<byte[]> layer(LayerProgress progress) {
        if (!throttle.admits(progress.layer(), progress.phase(), progress.current(), progress.total())) {
            return List.of();
        }
        String id = progress.layer().shortHex();
        long current = progress.current();
        long total = progress.total();
        return List.of(switch (progress.phase()) {
            case WAITING -> ProgressJson.update("Waiting", id);
            case EXISTS -> ProgressJson.update("Already exists", id);
            case DOWNLOADING -> current == 0
                    ? ProgressJson.update("Pulling fs layer", id)
                    : ProgressJson.update("Downloading", id, current, total);
            case DOWNLOADED -> ProgressJson.update("Download complete", id);
            case EXTRACTING -> ProgressJson.update("Extracting", id, current, total);
            case COMPLETE -> ProgressJson.update("Complete", id);
        });
    }
}
