package dev.patchbay.executor.runc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Room on disks: of what has none, the kernel and the programs that are run seldom say where. */
final class Room {
    private static final long NEXT_TO_NOTHING_BYTES = 64 * 1024;

    private Room() {}

    /** What to do about a failure that is one of room, as the end of a sentence; empty for any other. Blocks. */
    static String remedy(String failure, Path... places) {
        if (!failure.toLowerCase(Locale.ROOT).contains("no space left")) {
            return "";
        }
        Optional<Path> full = Stream.of(places).filter(Room::isFull).findFirst();
        return full.map(place -> "; " + place + " is full: free space there and try again").orElse("");
    }

    /** Whether nothing can be written in a folder for want of room. Blocks. */
    static boolean isFull(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() < NEXT_TO_NOTHING_BYTES;
        } catch (IOException _) {
            return false; // who asks has another failure to tell of
        }
    }
}
