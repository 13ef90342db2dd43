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
 * A file that may speak for a plugin, as it was when it was looked at.
 *
 * @param meaning what follows from it
 * @param contents what tells a plugin from another one, for the same files as the stamps
 * @param stamps what tells, without reading it, this content from another, by file: its own, and that of each file that it refers to
 * @param watched folders in which a change of these names may change it, beside the one that it was found in
 */
record Sighting(Path file, Meaning meaning, Map<Path, String> contents, Map<Path, String> stamps,
        Map<Path, Set<String>> watched) {
    /** Copies. */
    Sighting {
        contents = Map.copyOf(contents);
        stamps = Map.copyOf(stamps);
        watched = Map.copyOf(watched);
    }

    /** What follows from a file. */
    sealed interface Meaning {
        /** There the plugin listens; and what should be known of that. */
        record Target(PluginAddress address, Optional<String> notice) implements Meaning {}

        /** It speaks for the plugin, and makes no sense. */
        record Unusable(String problem) implements Meaning {}

        /** It is not what it is called, and does not count. */
        record PassedOver(String problem) implements Meaning {}

        /** It is gone. */
        record Absent() implements Meaning {}
    }

    /** Without a look at what it depends on. */
    static Sighting of(Path file, Meaning meaning) {
        return new Sighting(file, meaning, Map.of(), Map.of(), Map.of());
    }

    /** Whether it is the same plugin for all that is written, be it that files were touched, or that other links lead there. */
    boolean saysTheSameAs(Sighting other) {
        return file.equals(other.file) && !contents.isEmpty() && contents.equals(other.contents);
    }

    /** The same, with what had followed from it before. */
    Sighting meaning(Meaning same) {
        return new Sighting(file, same, contents, stamps, watched);
    }

    /** Whether the same follows from it, for the same reasons. */
    boolean isSamePlugin(Sighting other) {
        return file.equals(other.file) && meaning.equals(other.meaning) && contents.equals(other.contents);
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
            case Meaning.Target(_, var notice) -> notice;
            case Meaning.Absent _ -> Optional.empty();
        };
    }
}
