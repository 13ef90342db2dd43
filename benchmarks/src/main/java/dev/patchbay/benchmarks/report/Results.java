package dev.patchbay.benchmarks.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that came of one command that measured.
 *
 * @param schema what this is: {@value #SCHEMA}
 * @param version how it is written: {@value #VERSION}; another means that a field has another meaning or is gone
 * @param time when
 * @param command what was typed, or as good as
 * @param host the machine
 * @param versions of the programs that took part, by name
 * @param runs in the order in which they were made
 * @param notCarriedOut runs that were to be made, too
 */
public record Results(String schema, int version, Time time, List<String> command, Host host,
        Map<String, String> versions,
        List<Run> runs,
        List<NotCarriedOut> notCarriedOut) {
    /** What files with results begin with. */
    public static final String SCHEMA = "patchbay-benchmarks";

    /** How they are written today. */
    public static final int VERSION = 1;

    /**
     * When it was measured.
     *
     * @param began the command's start
     * @param ended the end of the last run that is in it
     */
    public record Time(Instant began, Instant ended) {}

    /**
     * A run that gave no results.
     *
     * @param name which it is
     * @param reason what stopped it
     */
    public record NotCarriedOut(String name, String reason) {}

    /** Copies. */
    public Results {
        command = List.copyOf(command);
        versions = new TreeMap<>(versions);
        runs = List.copyOf(runs);
        notCarriedOut = List.copyOf(notCarriedOut);
    }

    /** Results as they are written today. */
    static Results of(Time time, List<String> command, Surroundings surroundings, List<Run> runs,
            List<NotCarriedOut> notCarriedOut) {
        return new Results(SCHEMA, VERSION, time, command, surroundings.host(), surroundings.versions(),
                runs, notCarriedOut);
    }
}
