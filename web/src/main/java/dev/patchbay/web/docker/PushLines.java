package dev.patchbay.web.docker;

import dev.patchbay.PushProgress;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.util.List;

/**
 * What is written of a push, in words that Docker has, but true ones: a blob that is there already says so, and
 * {@code Upload complete} is said when it is (D25). One stream's, not thread-safe.
 */
final class PushLines {
    private final Throttle throttle;

    PushLines(Throttle throttle) {
        this.throttle = throttle;
    }

    /** The objects that tell of a step; none if it is not worth one. */
    List<byte[]> of(PushProgress step) {
        return switch (step) {
            case PushProgress.Started(Reference target) -> List.of(ProgressJson.message(
                    "The push refers to repository [" + target.familiarName() + "]"));
            case PushProgress.Blob blob -> blob(blob);
            case PushProgress.Done(String tag, Digest digest, long size) -> List.of(
                    ProgressJson.message(tag + ": digest: " + digest + " size: " + size),
                    ProgressJson.published(tag, digest.toString(), size));
        };
    }

    private List<byte[]> blob(PushProgress.Blob blob) {
        if (!throttle.admits(blob.digest(), blob.phase(), blob.current(), blob.total())) {
            return List.of();
        }
        String id = blob.digest().shortHex();
        return List.of(switch (blob.phase()) {
            case PREPARING -> ProgressJson.update("Preparing", id);
            case EXISTS -> ProgressJson.update("Already exists", id);
            case MOUNTED -> ProgressJson.update("Mounted from another repository", id);
            case UPLOADING -> ProgressJson.update("Uploading", id, blob.current(), blob.total());
            case UPLOADED -> ProgressJson.update("Upload complete", id);
        });
    }
}
