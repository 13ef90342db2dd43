package dev.patchbay.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads a file while it is written, from its begin to its end. Belongs to one thread. */
final class GrowingStream extends InputStream {
    private final GrowingData data;
    private Optional<FileChannel> channel = Optional.empty();
    private long position;
    private long known;

    GrowingStream(GrowingData data) {
        this.data = data;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        // Also with bytes left: a failure of any writer ends the reading soon.
        known = data.await(position);
        if (known <= position) {
            return -1;
        }
        int most = (int) Math.min(length, known - position);
        int count = opened().read(ByteBuffer.wrap(target, offset, most), position);
        if (count < 0) {
            throw new IOException("the file was cut while it was read");
        }
        position += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        if (channel.isPresent()) {
            channel.get().close();
        }
    }

    private FileChannel opened() throws IOException {
        if (channel.isEmpty()) {
            channel = Optional
                    .of(FileChannel.open(data.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        }
        return channel.get();
    }
}
