package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a load test is asked for.
 *
 * @param target the daemon; empty for one of its own
 * @param access what it takes to be let in there
 * @param stream what comes over the event stream
 * @param commands what is asked over HTTP
 * @param warmUp how long before anything counts
 * @param duration how long it counts
 * @param report the file of text that the results go to, with others beside it; empty for none
 */
record LoadOptions(Optional<Target> target, Access access, Stream stream, Commands commands, Duration warmUp,
        Duration duration,
        Optional<Path> report) {

    /**
     * Subscribers, and the events that they get.
     *
     * @param subscribers how many; 0 for none
     * @param rate events a second
     * @param eventBytes how large one is on the wire, with its frame
     * @param plugins how many plugins the events are about
     * @param mix how many are slow, or hang up and resume
     * @param filters as the event stream takes them, {@code KEY=VALUE}
     */
    record Stream(int subscribers, double rate, int eventBytes, int plugins, Mix mix, List<String> filters) {
        /** Copies. */
        Stream {
            filters = List.copyOf(filters);
        }
    }

    /**
     * Commands.
     *
     * @param kinds which, in turn; none if empty
     * @param rate how many a second; empty for as many as are answered
     * @param connections how many at a time
     */
    record Commands(List<CommandKind> kinds, OptionalDouble rate, int connections) {
        /** Copies. */
        Commands {
            kinds = List.copyOf(kinds);
        }
    }
}
