package dev.patchbay.engine;

import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a plugin in every state.
 *
 * @param record what is on disk; says whether it is wanted
 * @param generation the number of the latest start, 0 before the first
 * @param restarts starts since it last was healthy for a while, the first one not counted
 * @param since when the present state began
 * @param lastExit how a container of it ended last
 * @param lastErrorLines what it wrote to stderr before
 * @param reason why it does not run although it should, or still runs although it should not
 */
record Life(
        PluginRecord record,
        int generation,
        int restarts,
        Instant since,
        Optional<ExitStatus> lastExit,
        List<String> lastErrorLines,
        Optional<String> reason) {
    Life {
        lastErrorLines = List.copyOf(lastErrorLines);
    }

    PluginId id() {
        return record.plugin().id();
    }

    String name() {
        return record.plugin().name().familiar();
    }

    boolean wanted() {
        return record.plugin().enabled();
    }

    Life wanted(boolean wanted) {
        return with(record.withPlugin(record.plugin().withEnabled(wanted)));
    }

    Life with(PluginRecord changed) {
        return new Life(changed, generation, restarts, since, lastExit, lastErrorLines, reason);
    }

    Life since(Instant at) {
        return new Life(record, generation, restarts, at, lastExit, lastErrorLines, reason);
    }

    Life started(int number, int restartsSoFar) {
        return new Life(record, number, restartsSoFar, since, lastExit, lastErrorLines, reason);
    }

    Life ended(ExitStatus exit, List<String> errorLines) {
        return new Life(record, generation, restarts, since, Optional.of(exit), errorLines, reason);
    }

    Life because(String why) {
        return new Life(record, generation, restarts, since, lastExit, lastErrorLines, Optional.of(why));
    }

    Life allWell() {
        return new Life(record, generation, restarts, since, lastExit, lastErrorLines, Optional.empty());
    }
}
