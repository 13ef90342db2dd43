package dev.patchbay;

import org.jspecify.annotations.Nullable;

/**
 * An operation that failed, by one leaf per way to fail. Each message is a sentence for the person who asked; data are
 * in the fields of the leaf. Leaves that are {@link Retryable} are worth repeating unchanged.
 */
public abstract sealed class PluginException extends RuntimeException
        permits
        AmbiguousPluginException,
        EngineBusyException,
        EngineClosedException,
        EngineFaultException,
        InvalidRequestException,
        PluginBusyException,
        PluginCallException,
        PluginConflictException,
        PluginLogException,
        PluginNotFoundException,
        PluginStartException,
        PluginStopException,
        PluginStorageException,
        PluginUnavailableException,
        PrivilegesException,
        RemoteDeniedException,
        RemoteFailedException,
        RemoteNotFoundException,
        UncleanCloseException,
        UnusableImageException,
        VolumeConflictException,
        VolumeNotFoundException,
        VolumesUnavailableException {
    private static final long serialVersionUID = 1L;

    PluginException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * A refusal, which has no stack trace: most are made on the engine's threads, whose frames say nothing of whoever asked, and
     * it would cost more than the refusal. What tells of the asker, such as {@code block()} and {@code checkpoint()}, adds that to it as
     * suppressed, as to any other.
     */
    PluginException(String message) {
        super(message, null, true, false);
    }
}
