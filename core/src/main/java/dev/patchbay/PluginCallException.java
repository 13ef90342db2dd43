package dev.patchbay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call to a plugin that came to nothing. Leaves that are {@link Retryable} sent nothing: the same call may be made again
 * whatever it does. After any other, the plugin may have done what was asked.
 */
public abstract sealed class PluginCallException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String plugin;
    private final String method;

    PluginCallException(Call call, String message, @Nullable Throwable cause) {
        super("plugin " + call.plugin() + " " + message, cause);
        this.plugin = call.plugin();
        this.method = call.method();
    }

    /**
     * What was asked of whom.
     *
     * @param plugin the plugin's name
     * @param method {@code Service.Method}
     */
    public record Call(String plugin, String method) {}

    /** The plugin's name. */
    public String plugin() {
        return plugin;
    }

    /** What was asked: {@code Service.Method}. */
    public String method() {
        return method;
    }

    /** The plugin says no: with a status other than 200, or with {@code Err} in its answer. */
    public static final class Refused extends PluginCallException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String text;

        /** Makes one from the HTTP status, the plugin's own words, which may be none, and the same as a sentence shows them. */
        public Refused(Call call, int status, String text, String shown) {
            super(call, "refuses " + call.method() + ": " + shown, null);
            this.status = status;
            this.text = text;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }

        /** The plugin's own words, cut off if they are very long. */
        public String text() {
            return text;
        }
    }

    /** The answer makes no sense. */
    public static final class Unreadable extends PluginCallException {
        private static final long serialVersionUID = 1L;

        /** Makes one from what is wrong with it and what it follows from. */
        public Unreadable(Call call, String problem, @Nullable Throwable cause) {
            super(call, "answers " + call.method() + " with what cannot be read: " + problem, cause);
        }
    }

    /** The answer is longer than is read. */
    public static final class TooLarge extends PluginCallException {
        private static final long serialVersionUID = 1L;

        private final int limitBytes;

        /** Makes one from the limit in bytes. */
        public TooLarge(Call call, int limitBytes) {
            super(call, "answers " + call.method() + " with more than " + limitBytes + " bytes", null);
            this.limitBytes = limitBytes;
        }

        /** How many bytes are read at most. */
        public int limitBytes() {
            return limitBytes;
        }
    }

    /** No answer came in time. */
    public static final class TimedOut extends PluginCallException {
        private static final long serialVersionUID = 1L;

        private final Duration limit;

        /** Makes one from how long was waited. */
        public TimedOut(Call call, Duration limit) {
            super(call, "did not answer " + call.method() + " within "
                    + (limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms"),
                    null);
            this.limit = limit;
        }

        /** How long was waited. */
        public Duration limit() {
            return limit;
        }
    }

    /** The connection ended before the answer did. */
    public static final class Broken extends PluginCallException {
        private static final long serialVersionUID = 1L;

        /** Makes one from what happened and what it follows from. */
        public Broken(Call call, String what, @Nullable Throwable cause) {
            super(call, what + " " + call.method(), cause);
        }
    }

    /** There is no connection to it. */
    public static final class Unreachable extends PluginCallException implements Retryable {
        private static final long serialVersionUID = 1L;

        /** Makes one from the reason and what it follows from. */
        public Unreachable(Call call, String reason, @Nullable Throwable cause) {
            super(call, "cannot be asked for " + call.method() + ": " + reason, cause);
        }
    }

    /** The start of the plugin that the client belongs to is over. */
    public static final class Ended extends PluginCallException implements Retryable {
        private static final long serialVersionUID = 1L;

        private final int generation;

        /** Makes one from the number of the start. */
        public Ended(Call call, int generation) {
            super(call, "cannot be asked for " + call.method() + ": its start number " + generation
                    + " is over", null);
            this.generation = generation;
        }

        /** The number of the start. */
        public int generation() {
            return generation;
        }
    }

    /** It came to nothing so often of late that it is left alone for a while. */
    public static final class CircuitOpen extends PluginCallException implements Retryable {
        private static final long serialVersionUID = 1L;

        private final Duration pause;

        /** Makes one from how long it is left alone from now on, and what the last of those calls failed with. */
        public CircuitOpen(Call call, Duration pause, @Nullable Throwable cause) {
            super(call, "is not asked for " + call.method() + ": too many of the last calls got no answer; "
                    + "it is tried again in " + Math.max(1, pause.toSeconds()) + " s", cause);
            this.pause = pause;
        }

        /** How long it is left alone from now on. */
        public Duration pause() {
            return pause;
        }
    }

    /** Too much is asked of it at a time. */
    public static final class TooMany extends PluginCallException implements Retryable {
        private static final long serialVersionUID = 1L;

        private final int limit;

        /** Makes one from how many there may be, and of what. */
        public TooMany(Call call, int limit, String what) {
            super(call, "is not asked for " + call.method() + ": there are " + limit + " " + what
                    + " already; try again in a moment", null);
            this.limit = limit;
        }

        /** How many there may be. */
        public int limit() {
            return limit;
        }
    }

    /** It does not speak Docker's plugin protocol. */
    public static final class OtherScheme extends PluginCallException {
        private static final long serialVersionUID = 1L;

        private final String scheme;

        /** Makes one from the protocol that it speaks and where. */
        public OtherScheme(Call call, String scheme, PluginAddress address) {
            super(call, "cannot be asked for " + call.method() + ": it speaks " + scheme + " at " + address
                    + ", not Docker's plugin protocol", null);
            this.scheme = scheme;
        }

        /** What it speaks. */
        public String scheme() {
            return scheme;
        }
    }

    /** It does not do what it is asked for. */
    public static final class NotImplemented extends PluginCallException {
        private static final long serialVersionUID = 1L;

        private final String subsystem;

        /** Makes one from what it should implement. */
        public NotImplemented(Call call, String subsystem) {
            super(call, "does not implement the requested driver: requested implementation=\"" + subsystem
                    + "\"", null);
            this.subsystem = subsystem;
        }

        /** What it should implement. */
        public String subsystem() {
            return subsystem;
        }
    }
}
