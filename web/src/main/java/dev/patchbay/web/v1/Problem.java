package dev.patchbay.web.v1;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.EngineBusyException;
import dev.patchbay.EngineClosedException;
import dev.patchbay.EngineFaultException;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginBusyException;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginLogException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PluginStopException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.RemoteNotFoundException;
import dev.patchbay.Retryable;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumeNotFoundException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.use.Holder;
import dev.patchbay.web.Caller;
import dev.patchbay.web.ErrorReplies;
import dev.patchbay.web.HttpFailure;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failure as problem details (RFC 9457).
 *
 * @param kind what kind of failure: the last part of {@code type}
 * @param status the HTTP status
 * @param detail a sentence for the person who asked
 * @param requestId the request's name in the log: the last part of {@code instance}
 * @param retry whether the same request may succeed a moment later
 * @param more what else some kinds have
 */
record Problem(Kind kind, int status, String detail, String requestId, Retry retry, Optional<More> more) {
    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

    /** Whether repeating helps. */
    enum Retry {
        /** The same request may succeed a moment later. */
        LATER,
        /** It will fail again until something else changes. */
        NO
    }

    /** What only some kinds have. */
    sealed interface More {}

    /** How a start ended. */
    record End(int generation, Optional<ExitStatus> exit, List<String> lastErrorLines) implements More {
        /** Copies the lines. */
        End {
            lastErrorLines = List.copyOf(lastErrorLines);
        }
    }

    /** What a plugin asks for: whoever grants exactly this may come again. */
    record Asked(List<Privilege> privileges) implements More {
        /** Copies. */
        Asked {
            privileges = List.copyOf(privileges);
        }
    }

    /** Who uses the plugin: all of them. */
    record InUse(List<Holder> holders) implements More {
        /** Copies. */
        InUse {
            holders = List.copyOf(holders);
        }
    }

    /** Kinds of failures. */
    enum Kind {
        /** The request cannot be carried out as it is. */
        INVALID_REQUEST("invalid-request", "The request is not valid"),
        /** An id prefix fits several plugins. */
        AMBIGUOUS("ambiguous", "Several plugins fit"),
        /** No plugin is called so. */
        PLUGIN_NOT_FOUND("plugin-not-found", "No such plugin"),
        /** The plugin's state stands against it. */
        CONFLICT("conflict", "The plugin's state does not allow it"),
        /** No volume is called so. */
        VOLUME_NOT_FOUND("volume-not-found", "No such volume"),
        /** The state of volumes stands against it. */
        VOLUME_CONFLICT("volume-conflict", "The state of volumes does not allow it"),
        /** The engine, or the plugin, has too much to do. */
        BUSY("busy", "Too much to do"),
        /** The engine is shutting down. */
        SHUTTING_DOWN("shutting-down", "Shutting down"),
        /** The plugin did not come up. */
        START_FAILED("start-failed", "The plugin did not start"),
        /** The plugin's container could not be stopped. */
        STOP_FAILED("stop-failed", "The plugin did not stop"),
        /** The plugin did not do what it was asked for. */
        CALL_FAILED("call-failed", "The plugin did not do what it was asked for"),
        /** The registry has no such plugin. */
        REMOTE_NOT_FOUND("remote-not-found", "The registry has no such plugin"),
        /** The registry does not let this caller. */
        REMOTE_DENIED("remote-denied", "The registry refuses access"),
        /** The registry did not do its part. */
        REMOTE_FAILED("remote-failed", "The registry failed"),
        /** It is not a plugin for this machine. */
        UNUSABLE_IMAGE("unusable-image", "The image cannot be used"),
        /** Not exactly what it asks for was granted. */
        PRIVILEGES("privileges", "The privileges granted are not those asked for"),
        /** The disk refused. */
        STORAGE("storage", "The disk refused"),
        /** The plugin's log cannot be read. */
        LOG_UNREADABLE("log-unreadable", "The log cannot be read"),
        /** A bug. */
        INTERNAL("internal", "Internal error"),
        /** What the status says, and no more. */
        HTTP("http", "The request was refused");

        private final String word;
        private final String title;

        Kind(String word, String title) {
            this.word = word;
            this.title = title;
        }

        String word() {
            return word;
        }

        String title() {
            return title;
        }
    }

    /** The problem that a failure is. Logs what is a bug. */
    static Problem of(Throwable failure, Caller caller) {
        return switch (failure) {
            case PluginException plugin -> of(plugin, caller.requestId());
            case HttpFailure refused -> http(refused.status(), refused.getMessage(), caller.requestId());
            default -> bug(failure, caller.requestId());
        };
    }

    /** A problem that the status tells all about. */
    static Problem http(int status, @Nullable String detail, String requestId) {
        String sentence = detail == null ? HttpResponseStatus.valueOf(status).reasonPhrase() : detail;
        return new Problem(Kind.HTTP, status, sentence, requestId, Retry.NO, Optional.empty());
    }

    private static Problem of(PluginException failure, String requestId) {
        Kind kind = kind(failure);
        Retry retry = failure instanceof Retryable ? Retry.LATER : Retry.NO;
        String detail = String.valueOf(failure.getMessage());
        return new Problem(kind, ErrorReplies.status(failure), detail, requestId, retry, more(failure));
    }

    private static Optional<More> more(PluginException failure) {
        if (failure instanceof PluginStartException start) {
            return Optional.of(new End(start.generation(), start.exit(), start.lastErrorLines()));
        }
        if (failure instanceof PluginConflictException conflict && !conflict.holders().isEmpty()) {
            return Optional.of(new InUse(conflict.holders().stream().toList()));
        }
        return failure instanceof PrivilegesException refused
                ? Optional.of(new Asked(refused.asked()))
                : Optional.empty();
    }

    private static Kind kind(PluginException failure) {
        return switch (failure) {
            case InvalidRequestException _ -> Kind.INVALID_REQUEST;
            case AmbiguousPluginException _ -> Kind.AMBIGUOUS;
            case PluginNotFoundException _ -> Kind.PLUGIN_NOT_FOUND;
            case PluginConflictException _ -> Kind.CONFLICT;
            case VolumeNotFoundException _ -> Kind.VOLUME_NOT_FOUND;
            case VolumeConflictException _ -> Kind.VOLUME_CONFLICT;
            case EngineBusyException _,PluginBusyException _,PluginUnavailableException _,VolumesUnavailableException _ ->
                Kind.BUSY;
            case EngineClosedException _ -> Kind.SHUTTING_DOWN;
            case PluginCallException call -> call instanceof Retryable ? Kind.BUSY : Kind.CALL_FAILED;
            case PluginStartException _ -> Kind.START_FAILED;
            case PluginStopException _,UncleanCloseException _ -> Kind.STOP_FAILED;
            case PluginStorageException _ -> Kind.STORAGE;
            case PluginLogException _ -> Kind.LOG_UNREADABLE;
            case RemoteNotFoundException _ -> Kind.REMOTE_NOT_FOUND;
            case RemoteDeniedException _ -> Kind.REMOTE_DENIED;
            case RemoteFailedException _ -> Kind.REMOTE_FAILED;
            case UnusableImageException _ -> Kind.UNUSABLE_IMAGE;
            case PrivilegesException _ -> Kind.PRIVILEGES;
            case EngineFaultException _ -> Kind.INTERNAL;
        };
    }

    private static Problem bug(Throwable failure, String requestId) {
        LOG.error("request {} failed: a bug", requestId, failure);
        return new Problem(
                Kind.INTERNAL, 500, "internal error; the log has the details", requestId, Retry.NO,
                Optional.empty());
    }
}
