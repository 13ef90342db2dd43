package dev.patchbay.store;

import dev.patchbay.archive.ArchiveCancelledException;
import dev.patchbay.archive.ArchiveException;
import dev.patchbay.archive.ArchiveLimitException;
import dev.patchbay.archive.EntryNotPlacedException;
import dev.patchbay.archive.MalformedArchiveException;
import dev.patchbay.archive.MissingConfigException;
import dev.patchbay.archive.MissingRootfsException;
import dev.patchbay.archive.UnsafeEntryException;
import java.nio.file.Path;

/** Tells an archive that is at fault from a disk that is. */
final class ArchiveFaults {
    private ArchiveFaults() {}

    /**
     * Makes what the caller is told.
     *
     * @param subject the begin of the sentence, empty or with a space at its end
     * @param target where it was unpacked
     */
    static RuntimeException judged(String subject, ArchiveException failure, Path target) {
        return switch (failure) {
            case MalformedArchiveException _,ArchiveLimitException _,UnsafeEntryException _,MissingConfigException _,MissingRootfsException _ ->
                new InvalidContentException(subject + failure.getMessage(), failure);
            case EntryNotPlacedException e when DiskTrouble.remedy(e.reason()).isEmpty() ->
                new InvalidContentException(subject + failure.getMessage(), failure);
            case EntryNotPlacedException _,ArchiveCancelledException _ ->
                DiskTrouble.at(DiskStep.UNPACK, target, failure);
        };
    }
}
