package dev.patchbay.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Writes the content of new files, one after the other. Files that were sparse get holes again. */
final class FileWriter {
    private static final int BUFFER_BYTES = 128 * 1024;
    /** Holes are made of whole blocks of this size, that of nearly every Linux file system. */
    private static final int HOLE_BYTES = 4096;
    private static final byte[] ZEROS = new byte[HOLE_BYTES];

    private final byte[] buffer = new byte[BUFFER_BYTES];

    /**
     * Makes a file; nothing may be at its place, a dangling link neither.
     *
     * @throws java.nio.file.FileAlreadyExistsException if something is; the content is untouched then
     */
    void write(Path place, boolean sparse, Content content) throws IOException {
        try (FileChannel file = FileChannel.open(place, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW,
                LinkOption.NOFOLLOW_LINKS)) {
            if (sparse) {
                writeWithHoles(file, content);
            } else {
                writePlain(file, content);
            }
        }
    }

    private void writePlain(FileChannel file, Content content) throws IOException {
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            writeFully(file, buffer, 0, count);
        }
    }

    private void writeWithHoles(FileChannel file, Content content) throws IOException {
        long size = 0;
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            for (int at = 0; at < count; at += HOLE_BYTES) {
                int length = Math.min(HOLE_BYTES, count - at);
                if (Arrays.equals(buffer, at, at + length, ZEROS, 0, length)) {
                    file.position(file.position() + length);
                } else {
                    writeFully(file, buffer, at, length);
                }
            }
            size += count;
        }
        if (file.size() < size) {
            // A hole at the end: its last byte gives the file its size.
            file.write(ByteBuffer.wrap(ZEROS, 0, 1), size - 1);
        }
    }

    private static void writeFully(FileChannel file, byte[] bytes, int offset, int length)
            throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
        while (rest.hasRemaining()) {
            file.write(rest);
        }
    }
}
