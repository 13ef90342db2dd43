package dev.patchbay.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The system properties that change what runs do, under the names by which {@code make} knows them. */
final class RunProperties {
    private static final List<Property> ALL = List.of(
            new Property("PART", "patchbay.bench.part", "[1-9][0-9]{0,5}", "a whole number from 1 on"),
            new Property("ITERATIONS", "patchbay.bench.iterations", "[0-9]{1,4}", "a whole number"),
            new Property("FORKS", "patchbay.bench.forks", "[0-9]{1,2}", "a whole number, 99 at most"),
            new Property("BIG", "patchbay.bench.big", "yes|no", "yes or no"));

    private RunProperties() {}

    private record Property(String name, String key, String sound, String words) {}

    /** What is wrong with the first that cannot be meant, in a sentence; empty if nothing is. */
    static Optional<String> wrong(Properties given) {
        return ALL.stream()
                .filter(it -> !given.getProperty(it.key(), "").matches("|" + it.sound()))
                .map(it -> it.name() + " is " + it.words() + ", not \"" + given.getProperty(it.key()) + "\"")
                .findFirst();
    }
}
