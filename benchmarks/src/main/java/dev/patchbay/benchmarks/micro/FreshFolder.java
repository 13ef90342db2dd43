package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.testing.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An empty folder in memory for each call, which is made before it and removed after it, and is no part of it. */
@State(Scope.Benchmark)
public class FreshFolder {
    private final Place place = Folders.inMemory();
    private @Nullable Path path;

    /** Makes one. */
    @Setup(Level.Invocation)
    public void make() throws IOException {
        path = Files.createTempDirectory(place.folder(), "target");
    }

    /** Removes it with what was written there. */
    @TearDown(Level.Invocation)
    public void remove() throws IOException {
        FileTrees.remove(path());
    }

    /** Removes what is left. */
    @TearDown(Level.Trial)
    public void removeAll() {
        Folders.delete(place);
    }

    Path path() {
        return Objects.requireNonNull(path);
    }
}
