package dev.patchbay.engine;

import dev.patchbay.PluginConflictException;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.use.Holders;
import java.util.List;
import java.util.Optional;

/** Why a command was not, or could not be, carried out. A value, so that rules compare; the façade makes the exception. */
sealed interface Refusal {
    record NotFound(String nameOrId) implements Refusal {}

    record Conflict(String name, PluginConflictException.Kind kind, String message) implements Refusal {}

    /** Somebody uses the plugin. */
    record InUse(String name, Holders holders) implements Refusal {}

    /** It is wanted, and does not run right now; the reason is a sentence. */
    record Unavailable(String name, String message) implements Refusal {}

    record Invalid(String message) implements Refusal {}

    record NotStarted(
            String name,
            int generation,
            String message,
            Optional<ExitStatus> exit,
            List<String> lastErrorLines) implements Refusal {}

    record NotStopped(String name, int generation, String message) implements Refusal {}

    record Storage(String message) implements Refusal {}

    record TooManyWaiting(String name, int waiting) implements Refusal {}

    record Closing() implements Refusal {}

    /** A rule threw. */
    record Fault(String attempt, RuntimeException cause) implements Refusal {}

    /** The same failed start, with the last lines of stderr unless it quotes some already. */
    static Refusal withLastWords(Refusal refusal, List<String> lines) {
        return refusal instanceof NotStarted(var name, int generation, var message, var exit, var quoted)
                && quoted.isEmpty()
                        ? new NotStarted(name, generation, message + Sentences.lastWords(lines), exit, lines)
                        : refusal;
    }

    /** The sentence that the one who asked hears. */
    static String message(Refusal refusal) {
        return switch (refusal) {
            case NotFound(String nameOrId) -> "plugin \"" + nameOrId + "\" not found";
            case Conflict(_, _, String message) -> message;
            case InUse(String name, Holders holders) ->
                "plugin " + name + " is in use by: " + holders.summary();
            case Unavailable(_, String message) -> message;
            case Invalid(String message) -> message;
            case NotStarted(_, _, String message, _, _) -> message;
            case NotStopped(_, _, String message) -> message;
            case Storage(String message) -> message;
            case TooManyWaiting(String name, int waiting) ->
                "plugin " + name + " is busy: " + waiting + " commands wait";
            case Closing() -> "the engine is closing";
            case Fault(String attempt, _) -> "internal error while handling " + attempt;
        };
    }
}
