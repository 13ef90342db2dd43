package dev.patchbay.legacy;

import dev.patchbay.PluginAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file that may speak for a plugin, as it was when it was looked at. Equal to another one if nothing has changed.
 *
 * @param meaning what follows from it
 * @param stamps what tells this content from another, by file: its own, and that of each file that it refers to
 * @param watched folders in which a change of these names may change it, beside the one that it was found in
 */
record Sighting(Path file, Meaning meaning, Map<Path, String> stamps, Map<Path, Set<String>> watched) {
    /** Copies. */
    Sighting {
        stamps = Map.copyOf(stamps);
        watched = Map.copyOf(watched);
    }

    /** What follows from a file. */
    sealed interface Meaning {
        /** There the plugin listens. */
        record Target(PluginAddress address) implements Meaning {}

        /** It speaks for the plugin, and makes no sense. */
        record Unusable(String problem) implements Meaning {}

        /** It is not what it is called, and does not count. */
        record PassedOver(String problem) implements Meaning {}

        /** It is gone. */
        record Absent() implements Meaning {}
    }

    /** Without a look at what it depends on. */
    static Sighting of(Path file, Meaning meaning) {
        return new Sighting(file, meaning, Map.of(), Map.of());
    }

    /** The one that speaks for the plugin, of all that its name stands for, the strongest first. */
    static Optional<Sighting> strongest(Collection<Sighting> sightings) {
        return sightings.stream().filter(Sighting::counts).findFirst();
    }

    private boolean counts() {
        return switch (meaning) {
            case Meaning.Target _,Meaning.Unusable _ -> true;
            case Meaning.PassedOver _,Meaning.Absent _ -> false;
        };
    }

    /** What an operator should know of those that count, and of those that come before them. */
    static List<String> told(Collection<Sighting> sightings) {
        var problems = new ArrayList<String>();
        for (Sighting sighting : sightings) {
            sighting.problem().ifPresent(problems::add);
            if (sighting.counts()) {
                break;
            }
        }
        return problems;
    }

    private Optional<String> problem() {
        return switch (meaning) {
            case Meaning.Unusable(String problem) -> Optional.of(problem);
            case Meaning.PassedOver(String problem) -> Optional.of(problem);
            case Meaning.Target _,Meaning.Absent _ -> Optional.empty();
        };
    }
}
