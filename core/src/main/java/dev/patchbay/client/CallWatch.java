package dev.patchbay.client;

import dev.patchbay.PluginCallException;

/** Hears how each call ended. Asked on whatever thread that happens, so it must be quick. */
@FunctionalInterface
public interface CallWatch {
    /** Hears nothing. */
    CallWatch NONE = (_, _) -> {};

    /** How a call ended. */
    enum Outcome {
        /** With an answer. */
        OK,
        /** The plugin said no. */
        REFUSED,
        /** The answer could not be read, or was too large. */
        UNREADABLE,
        /** There was no answer in time. */
        TIMED_OUT,
        /** The connection, or the plugin's start, ended before the answer. */
        BROKEN,
        /** The plugin could not be reached. */
        UNREACHABLE,
        /** It was not made: too many are under way, too many have failed, or the plugin does not do such things. */
        NOT_MADE,
        /** Nobody wanted the answer any more. */
        CANCELLED,
        /** The caller's own doing, such as a body that failed. */
        FAILED;

        /** How a call ended that failed. */
        static Outcome of(Throwable failure) {
            if (!(failure instanceof PluginCallException known)) {
                return FAILED;
            }
            return switch (known) {
                case PluginCallException.Refused _ -> REFUSED;
                case PluginCallException.Unreadable _,PluginCallException.TooLarge _ -> UNREADABLE;
                case PluginCallException.TimedOut _ -> TIMED_OUT;
                case PluginCallException.Broken _,PluginCallException.Ended _ -> BROKEN;
                case PluginCallException.Unreachable _ -> UNREACHABLE;
                case PluginCallException.CircuitOpen _,PluginCallException.TooMany _,PluginCallException.OtherScheme _,PluginCallException.NotImplemented _ ->
                    NOT_MADE;
            };
        }
    }

    /**
     * A call has ended.
     *
     * @param method such as {@code VolumeDriver.Mount}
     */
    void ended(String method, Outcome outcome);
}
