package dev.patchbay.engine;

import dev.patchbay.EngineClosedException;
import dev.patchbay.EngineFaultException;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginBusyException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PluginStopException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.use.Holders;

/** Makes exceptions of refusals, at the façade and nowhere else. */
final class Refusals {
    private Refusals() {}

    static PluginException exception(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NotFound(String nameOrId) -> new PluginNotFoundException(nameOrId);
            case Refusal.Conflict(String name, var kind, String message) ->
                new PluginConflictException(name, kind, message);
            case Refusal.InUse(String name, Holders holders) ->
                PluginConflictException.inUse(name, Refusal.message(refusal), holders);
            case Refusal.Unavailable(String name, String message) ->
                new PluginUnavailableException(name, message);
            case Refusal.Invalid(String message) -> new InvalidRequestException(message, null);
            case Refusal.NotStarted(String name, int generation, String message, var exit, var lines) ->
                new PluginStartException(name, generation, message, exit, lines);
            case Refusal.NotStopped(String name, int generation, String message) ->
                new PluginStopException(name, generation, message);
            case Refusal.Storage(String message) -> new PluginStorageException(message, null);
            case Refusal.TooManyWaiting(String name, int waiting) -> new PluginBusyException(name, waiting);
            case Refusal.Closing() -> new EngineClosedException();
            case Refusal.Fault(String attempt, RuntimeException cause) ->
                new EngineFaultException(attempt, cause);
        };
    }
}
