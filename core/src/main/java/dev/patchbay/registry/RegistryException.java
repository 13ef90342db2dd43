package dev.patchbay.registry;

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

        /** Makes one from a sentence and what it follows from. */
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
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
