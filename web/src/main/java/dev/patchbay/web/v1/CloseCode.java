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

/**
 * Why the server closes a WebSocket. 4000 to 4499 mean: come back. 4500 to 4999 mean: coming back does not help. The
 * others are those of RFC 6455, section 7.4.1.
 */
enum CloseCode {
    /** Everything asked for was sent. */
    DONE(1000),
    /** The client sent what is no WebSocket frame, or one that should not come there. */
    BROKEN(1002),
    /** The client sent a binary frame. */
    NOT_TEXT(1003),
    /** The client sent text that is not UTF-8. */
    NOT_UTF8(1007),
    /** The client sent a frame that is too long. */
    TOO_LONG(1009),
    /** The server is at fault; its log has the details. */
    FAULT(1011),
    /** The client's socket took nothing for too long. */
    SLOW(4008),
    /** The server or its engine is shutting down. */
    SHUTTING_DOWN(4009),
    /** The client did not answer a ping in time. */
    NO_PONG(4012),
    /** The engine has too much to do, or as many distinct filters are in use as there may be. */
    BUSY(4013),
    /** The client sent a frame that this version of the protocol does not know. */
    NOT_UNDERSTOOD(4500),
    /** What was asked for does not exist, or can never be. */
    REFUSED(4501),
    /** The client sent more frames, or more that were wrong, than a connection may. */
    TOO_MUCH(4502);

    private final int number;

    CloseCode(int number) {
        this.number = number;
    }

    /** As on the wire. */
    int number() {
        return number;
    }

    /** The code that tells a subscriber of this failure. */
    static CloseCode of(PluginException failure) {
        return switch (failure) {
            case EngineClosedException _ -> SHUTTING_DOWN;
            case EngineBusyException _,PluginBusyException _,PluginUnavailableException _,VolumesUnavailableException _ ->
                BUSY;
            case PluginCallException call -> call instanceof Retryable ? BUSY : FAULT;
            case PluginNotFoundException _,AmbiguousPluginException _,InvalidRequestException _,PluginConflictException _,PrivilegesException _,RemoteDeniedException _,RemoteNotFoundException _,UnusableImageException _,VolumeConflictException _,VolumeNotFoundException _ ->
                REFUSED;
            case EngineFaultException _,PluginLogException _,PluginStartException _,PluginStopException _,PluginStorageException _,RemoteFailedException _,UncleanCloseException _ ->
                FAULT;
        };
    }
}
