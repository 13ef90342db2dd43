package dev.patchbay.web;

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
import dev.patchbay.UncleanCloseException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumeNotFoundException;
import dev.patchbay.VolumesUnavailableException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/** What becomes of a request that failed: a status and {@code {"message": …}}. */
public final class ErrorReplies {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorReplies.class);

    private ErrorReplies() {}

    /**
     * The status for each way in which the façade can fail. Where Docker's status is a defect (user mistakes as 500, a
     * taken name as 400: D4) ours is the right one.
     */
    public static int status(PluginException failure) {
        return switch (failure) {
            case InvalidRequestException _,AmbiguousPluginException _,UnusableImageException _ -> 400;
            case RemoteDeniedException _ -> 401;
            case PrivilegesException _ -> 403;
            case PluginNotFoundException _,RemoteNotFoundException _,VolumeNotFoundException _ -> 404;
            case PluginConflictException _,VolumeConflictException _ -> 409;
            case EngineBusyException _,PluginBusyException _,PluginUnavailableException _,EngineClosedException _,VolumesUnavailableException _ ->
                503;
            case RemoteFailedException _ -> 502;
            case PluginCallException call -> status(call);
            case PluginStartException _,PluginStopException _,UncleanCloseException _ -> 500;
            case PluginStorageException _,PluginLogException _,EngineFaultException _ -> 500;
        };
    }

    /** As a gateway would say it. */
    private static int status(PluginCallException failure) {
        return switch (failure) {
            case PluginCallException.TooMany _,PluginCallException.CircuitOpen _,PluginCallException.Unreachable _,PluginCallException.Ended _ ->
                503;
            case PluginCallException.TimedOut _ -> 504;
            case PluginCallException.Refused _,PluginCallException.Unreadable _,PluginCallException.TooLarge _,PluginCallException.Broken _ ->
                502;
            case PluginCallException.OtherScheme _,PluginCallException.NotImplemented _ -> 400;
        };
    }

    /** The reply to a failure. Logs what is not the client's business to know. */
    public static Reply.Full of(Throwable failure, Caller caller) {
        int status = switch (failure) {
            case HttpFailure refused -> refused.status();
            case PluginException plugin -> status(plugin);
            default -> 500;
        };
        return of(status, sentence(failure, caller));
    }

    /** What the person who asked is told of a failure. Logs what is not the client's business to know. */
    public static String sentence(Throwable failure, Caller caller) {
        return switch (failure) {
            case HttpFailure refused -> String.valueOf(refused.getMessage());
            case PluginException plugin -> String.valueOf(plugin.getMessage());
            default -> unexpected(failure, caller);
        };
    }

    /** The reply to a client that came without a token. */
    static Reply.Full unauthorized(String path, Caller caller) {
        return refusal(path, caller, new Refusal(401, "unauthorized", "A token is needed",
                "a token is needed here: Authorization: Bearer TOKEN", false))
                .with("WWW-Authenticate", "Bearer realm=\"patchbay\"");
    }

    /**
     * A request that is refused before or after any handler.
     *
     * @param status the HTTP status
     * @param kind the last part of a problem's type
     * @param title what all of that kind have in common
     * @param sentence for the person who asked
     * @param retryable whether the same request may succeed a moment later
     */
    record Refusal(int status, String kind, String title, String sentence, boolean retryable) {}

    /** The reply to one: as a problem (RFC 9457) where all failures are. */
    static Reply.Full refusal(String path, Caller caller, Refusal refusal) {
        if (!path.startsWith("/patchbay/")) {
            return of(refusal.status(), refusal.sentence());
        }
        byte[] problem = Json.line(JsonNodeFactory.instance.objectNode()
                .put("type", "urn:patchbay:problem:" + refusal.kind())
                .put("title", refusal.title())
                .put("status", refusal.status())
                .put("detail", refusal.sentence())
                .put("instance", "urn:patchbay:request:" + caller.requestId())
                .put("retryable", refusal.retryable()));
        return new Reply.Full(refusal.status(), Map.of("Content-Type", "application/problem+json"), problem);
    }

    /** The reply with a status and a sentence of its own. */
    public static Reply.Full of(int status, @Nullable String message) {
        return Reply.json(status, Json.message(message == null ? "" : message));
    }

    private static String unexpected(Throwable failure, Caller caller) {
        LOG.error("request {} failed: a bug", caller.requestId(), failure);
        return "internal error; the log has the details under request id " + caller.requestId();
    }
}
