package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.measure.Place;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Private folders for benchmarks, which are removed also if these are interrupted. */
final class Folders {
    private Folders() {}

    /** On this machine's disk. */
    static Place onDisk() {
        return made(Place::make);
    }

    /** In memory. */
    static Place inMemory() {
        return made(Place::inMemory);
    }

    @FunctionalInterface
    private interface Making {
        Place make() throws IOException;
    }

    private static Place made(Making making) {
        try {
            return making.make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Place place) {
        try {
            place.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
