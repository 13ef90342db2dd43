package dev.patchbay.executor;

/** How a container's first process ended. */
public sealed interface ExitStatus {
    /** It returned this exit code, 0 to 255. */
    record Exited(int code) implements ExitStatus {}

    /**
     * A signal ended it.
     *
     * @param number as in signal(7): 9 is KILL
     * @param outOfMemory whether its cgroup had run out of memory
     */
    record Signaled(int number, boolean outOfMemory) implements ExitStatus {}

    /** It is gone and nobody saw how, for the reason given. */
    record Unknown(String reason) implements ExitStatus {}

    /** As a clause for messages, such as {@code exited with code 3} or {@code was killed by signal 9 (out of memory)}. */
    default String describe() {
        return switch (this) {
            case Exited(int code) -> "exited with code " + code;
            case Signaled(int number, boolean oom) ->
                "was killed by signal " + number + (oom ? " (out of memory)" : "");
            case Unknown(String reason) -> "ended and its exit code is unknown: " + reason;
        };
    }
}
