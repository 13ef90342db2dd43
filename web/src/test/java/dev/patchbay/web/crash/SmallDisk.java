package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of a few megabytes in memory that can be filled up to its last page. */
final class SmallDisk {
    /** The name of what it is filled with. */
    static final String FILLER = "filler";

    private static final int PAGE = 4096;

    private final Path place;

    private SmallDisk(Path place) {
        this.place = place;
    }

    /** Makes one at a place, which must not be there yet. Whoever cleans up the place unmounts it. */
    static SmallDisk at(Path place, int megabytes) throws IOException {
        Syscalls.mount("tmpfs", Files.createDirectory(place), "tmpfs", 0, "size=" + megabytes + "m");
        return new SmallDisk(place);
    }

    /** Leaves not a page. */
    void fill() throws IOException {
        try (FileChannel file = FileChannel.open(place.resolve(FILLER), StandardOpenOption.CREATE,
                StandardOpenOption.APPEND)) {
            while (file.write(ByteBuffer.allocate(PAGE)) > 0) {
                // until it fails
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    void makeRoom() throws IOException {
        Files.delete(place.resolve(FILLER));
    }
}
