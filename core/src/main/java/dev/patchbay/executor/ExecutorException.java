package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container operation that failed. The message is a sentence with cause and, where there is one, remedy. */
public abstract sealed class ExecutorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ExecutorException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The runtime or its monitor is not installed, or cannot be used on this machine at all. */
    public static final class RuntimeUnusable extends ExecutorException {
        private static final long serialVersionUID = 1L;

        /** Makes one from a sentence that names what is missing and what to install. */
        public RuntimeUnusable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A step on one plugin's container failed. */
    public static final class StepFailed extends ExecutorException {
        private static final long serialVersionUID = 1L;

        private final transient PluginId plugin;
        private final Step step;
        private final transient Optional<String> runtimeWords;

        /**
         * Makes one.
         *
         * @param runtimeWords what the runtime itself said, if it said anything
         */
        public StepFailed(
                PluginId plugin,
                Step step,
                String message,
                Optional<String> runtimeWords,
                @Nullable Throwable cause) {
            super(message, cause);
            this.plugin = plugin;
            this.step = step;
            this.runtimeWords = runtimeWords;
        }

        /** Whose container. */
        public PluginId plugin() {
            return plugin;
        }

        /** What was tried. */
        public Step step() {
            return step;
        }

        /** What the runtime itself said. */
        public Optional<String> runtimeWords() {
            return runtimeWords;
        }
    }

    /** What was tried on a container. */
    public enum Step {
        /** Making bundle, exec directory, mounts and mount points. */
        PREPARE,
        /** The runtime's create. */
        CREATE,
        /** The runtime's start. */
        START,
        /** Finding out what there is of it after an earlier process, and taking that over. */
        TAKE_OVER,
        /** Dialling its socket. */
        DIAL,
        /** Sending a signal. */
        SIGNAL,
        /** Reading its log. */
        LOGS,
        /** Removing it and all that belongs to it. */
        DELETE
    }
}
