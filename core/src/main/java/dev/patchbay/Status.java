package dev.patchbay;

import dev.patchbay.executor.ExitStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a plugin is at this moment, beside what its user wants ({@code Enabled}).
 *
 * @param state what it does
 * @param since when it came into that state
 * @param generation the number of its latest start, 0 if it never started
 * @param restarts how often it was started again since it last was healthy for a while
 * @param lastExit how it ended last, if it ever did
 * @param lastErrorLines the last lines of stderr before that end, oldest first
 * @param reason why it is not running although it should, or could not be stopped; of one that runs since an earlier
 *     process, why it could not be started now: a sentence
 * @param nextTry when it will be started again, while it waits for that
 */
public record Status(
        State state,
        Instant since,
        int generation,
        int restarts,
        Optional<ExitStatus> lastExit,
        List<String> lastErrorLines,
        Optional<String> reason,
        Optional<Instant> nextTry) {
    /** Copies the lines. */
    public Status {
        lastErrorLines = List.copyOf(lastErrorLines);
    }

    /** What a plugin does. */
    public enum State {
        /** Nothing: it has no container. */
        STOPPED,
        /** It was wanted when the engine was opened, and what is left of it from before is being found out. */
        RESTORING,
        /** Its container is being started, or does not accept connections yet. */
        STARTING,
        /** It runs and accepts connections. */
        RUNNING,
        /** Its container is being stopped and removed. */
        STOPPING,
        /** It ended against its user's wish and waits for the next start. */
        BACKING_OFF,
        /** It should be stopped, but its container outlived KILL or could not be removed. */
        STUCK;

        /** As shown to users: {@code backing-off}. */
        public String label() {
            return switch (this) {
                case STOPPED -> "stopped";
                case RESTORING -> "restoring";
                case STARTING -> "starting";
                case RUNNING -> "running";
                case STOPPING -> "stopping";
                case BACKING_OFF -> "backing-off";
                case STUCK -> "stuck";
            };
        }
    }
}
