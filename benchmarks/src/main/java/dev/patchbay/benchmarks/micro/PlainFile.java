package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.events.StreamFrames;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.Durability;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A file of lengths and bytes, that begins anew when it has as many events as ours keeps. */
@State(Scope.Benchmark)
public class PlainFile {
    /** What events outlive. */
    @Param({"BATCH", "SYNC"})
    public Durability durability = Durability.BATCH;

    private final Place place = Folders.onDisk();
    private @Nullable FileChannel channel;
    private long seq;

    /** Makes it. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        channel = FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private Path file() {
        return place.folder().resolve("plain");
    }

    void append(int count) throws IOException {
        var to = Objects.requireNonNull(channel);
        var batch = new ByteArrayOutputStream(count * 512);
        var out = new DataOutputStream(batch);
        for (int i = 0; i < count; i++) {
            byte[] json = StreamFrames.event(new Cursor("0123456789abcdef", ++seq)).json();
            out.writeInt(json.length);
            out.write(json);
        }
        if (seq % PlainSqlite.KEPT < count) {
            to.truncate(0);
        }
        ByteBuffer bytes = ByteBuffer.wrap(batch.toByteArray());
        while (bytes.hasRemaining()) {
            int _ = to.write(bytes);
        }
        if (durability == Durability.SYNC) {
            to.force(false);
        }
    }

    /** Reads as many events from the beginning. */
    void read(int count, Consumer<byte[]> sink) throws IOException {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file()), 1 << 16))) {
            for (int i = 0; i < count; i++) {
                byte[] json = new byte[in.readInt()];
                in.readFully(json);
                sink.accept(json);
            }
        }
    }

    /** Deletes it. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Objects.requireNonNull(channel).close();
        Folders.delete(place);
    }
}
