package dev.patchbay;

import dev.patchbay.executor.ExitStatus;
import java.util.List;
import java.util.Optional;

/** A plugin was asked to start and did not come up. */
public final class PluginStartException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String plugin;
    private final int generation;
    private final transient Optional<ExitStatus> exit;
    private final transient List<String> lastErrorLines;

    /** Makes one; the message is a sentence that says why, in the runtime's words where it has any. */
    public PluginStartException(
            String plugin,
            int generation,
            String message,
            Optional<ExitStatus> exit,
            List<String> lastErrorLines) {
        super(message, null);
        this.plugin = plugin;
        this.generation = generation;
        this.exit = exit;
        this.lastErrorLines = List.copyOf(lastErrorLines);
    }

    /** The plugin's name. */
    public String plugin() {
        return plugin;
    }

    /** The number of the start that failed. */
    public int generation() {
        return generation;
    }

    /** How its process ended, if it ever ran. */
    public Optional<ExitStatus> exit() {
        return exit;
    }

    /** The last lines that it wrote to stderr. */
    public List<String> lastErrorLines() {
        return lastErrorLines;
    }
}
