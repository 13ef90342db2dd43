package dev.patchbay.engine;

import dev.patchbay.executor.ExitStatus;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.use.Holders;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a plugin in every state.
 *
 * @param record what is on disk; says whether it is wanted
 * @param previous the version before the last upgrade or roll-back, if there was one
 * @param limits what it may use and do, where that is not what the engine's plugins may
 * @param holders who uses it; nobody, unless it is wanted
 * @param generation the number of the latest start, 0 before the first
 * @param restarts starts since it last was healthy for a while, the first one not counted
 * @param since when the present state began
 * @param lastExit how a container of it ended last
 * @param lastErrorLines what it wrote to stderr before
 * @param reason why it does not run although it should, or still runs although it should not
 */
record Life(
        PluginRecord record,
        Optional<PluginRecord> previous,
        LimitOverrides limits,
        Holders holders,
        int generation,
        int restarts,
        Instant since,
        Optional<ExitStatus> lastExit,
        List<String> lastErrorLines,
        Optional<String> reason) {
    Life {
        lastErrorLines = List.copyOf(lastErrorLines);
    }

    /** Of a plugin that is on disk. */
    static Life found(PluginRecord record, Optional<PluginRecord> previous, int generation, Instant since) {
        return new Life(record, previous, LimitOverrides.NONE, Holders.NONE, generation, 0, since,
                Optional.empty(), List.of(),
                Optional.empty());
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
        return new Life(changed, previous, limits, holders, generation, restarts, since, lastExit,
                lastErrorLines,
                reason);
    }

    /** With another version; the one until now becomes the previous one. */
    Life exchanged(PluginRecord other) {
        return new Life(other, Optional.of(record), limits, holders, generation, restarts, since, lastExit,
                lastErrorLines,
                reason);
    }

    Life limitedBy(LimitOverrides now) {
        return new Life(record, previous, now, holders, generation, restarts, since, lastExit, lastErrorLines,
                reason);
    }

    Life heldBy(Holders now) {
        return new Life(record, previous, limits, now, generation, restarts, since, lastExit, lastErrorLines,
                reason);
    }

    Life since(Instant at) {
        return new Life(record, previous, limits, holders, generation, restarts, at, lastExit, lastErrorLines,
                reason);
    }

    /** With a start that was not known of, unless it is an old one. */
    Life reached(int number) {
        return started(Math.max(generation, number), restarts);
    }

    Life started(int number, int restartsSoFar) {
        return new Life(record, previous, limits, holders, number, restartsSoFar, since, lastExit,
                lastErrorLines,
                reason);
    }

    Life ended(ExitStatus exit, List<String> errorLines) {
        return new Life(record, previous, limits, holders, generation, restarts, since, Optional.of(exit),
                errorLines,
                reason);
    }

    Life because(String why) {
        return new Life(record, previous, limits, holders, generation, restarts, since, lastExit,
                lastErrorLines,
                Optional.of(why));
    }

    Life allWell() {
        return new Life(record, previous, limits, holders, generation, restarts, since, lastExit,
                lastErrorLines,
                Optional.empty());
    }
}
