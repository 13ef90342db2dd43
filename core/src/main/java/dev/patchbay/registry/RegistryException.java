package dev.patchbay.registry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A registry that did not do what it was asked. Each message is a sentence that names host and reason, no secret. */
public abstract sealed class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** It has no such repository, manifest or blob, or does not tell this caller. */
    public static final class NotFound extends RegistryException {
        private static final long serialVersionUID = 1L;

        /** Makes one from a sentence. */
        public NotFound(String message) {
            super(message, null);
        }
    }

    /** It refuses the credentials, or wants some, or does not allow this to whoever they are. */
    public static final class Denied extends RegistryException {
        private static final long serialVersionUID = 1L;

        /** Makes one from a sentence. */
        public Denied(String message) {
            super(message, null);
        }
    }

    /** It cannot be reached, breaks off, is overloaded, or takes too long; trying again later may help. */
    public static final class Unavailable extends RegistryException {
        private static final long serialVersionUID = 1L;

        private final Duration pause;
        private final boolean lasting;
        private final boolean answered;

        /** Makes one from a sentence and what it follows from. */
        public Unavailable(String message, @Nullable Throwable cause) {
            this(message, cause, Duration.ZERO, false, false);
        }

        private Unavailable(String message, @Nullable Throwable cause, Duration pause, boolean lasting,
                boolean answered) {
            super(message, cause);
            this.pause = pause;
            this.lasting = lasting;
            this.answered = answered;
        }

        /** One that a moment's patience does not change. */
        static Unavailable lasting(String message, Throwable cause) {
            return new Unavailable(message, cause, Duration.ZERO, true, false);
        }

        /** One that an answer told of, which asked for a pause before the next attempt. */
        static Unavailable told(String message, Duration pause) {
            return new Unavailable(message, null, pause, false, true);
        }

        /** One that an answer told of, which asked for a longer pause than we grant. */
        static Unavailable toldForLong(String message) {
            return new Unavailable(message, null, Duration.ZERO, true, true);
        }

        /** The same in other words, and lasting or not. */
        Unavailable retold(String message, boolean isLasting) {
            return new Unavailable(message, this, pause, isLasting, answered);
        }

        /** How long the registry asks us to wait; zero if it does not. */
        Duration pause() {
            return pause;
        }

        /** Whether trying again in a moment is pointless. */
        boolean lasting() {
            return lasting;
        }

        /** Whether there was an answer at all. */
        boolean answered() {
            return answered;
        }
    }

    /** It answers what makes no sense, or content that is not what its digest says. */
    public static final class Broken extends RegistryException {
        private static final long serialVersionUID = 1L;

        /** Makes one from a sentence and what it follows from. */
        public Broken(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
