package dev.patchbay;

import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.util.List;

/** The plugin's state does not allow what was asked. */
public final class PluginConflictException extends PluginException {
    private static final long serialVersionUID = 1L;

    private static final Holder[] NOBODY = {};

    private final String plugin;
    private final Kind kind;
    private final Holder[] holders;

    /** What stands against it. */
    public enum Kind {
        /** The name, or a holder's id, is taken. */
        EXISTS,
        /** It must be disabled for this. */
        ENABLED,
        /** It must be enabled for this. */
        DISABLED,
        /** Somebody uses it. */
        IN_USE,
        /** It cannot do what was asked of it. */
        LACKS_CAPABILITY,
        /** Its container could not be stopped before. */
        STUCK,
        /** It was disabled or removed by somebody else meanwhile. */
        INTERRUPTED,
        /** It is being upgraded. */
        UPGRADING,
        /** There is no version to go back to. */
        NO_PREVIOUS
    }

    /** Makes one from the plugin's stored name, what stands against the request, and a sentence. */
    public PluginConflictException(String plugin, Kind kind, String message) {
        this(plugin, kind, message, Holders.NONE);
    }

    private PluginConflictException(String plugin, Kind kind, String message, Holders holders) {
        super(message);
        this.plugin = plugin;
        this.kind = kind;
        this.holders = holders.isEmpty() ? NOBODY : holders.stream().toArray(Holder[]::new);
    }

    /** Makes one of a plugin that somebody uses, with a sentence that says who. */
    public static PluginConflictException inUse(String plugin, String message, Holders holders) {
        return new PluginConflictException(plugin, Kind.IN_USE, message, holders);
    }

    /** The plugin's stored name. */
    public String plugin() {
        return plugin;
    }

    /** What stands against the request. */
    public Kind kind() {
        return kind;
    }

    /** Who uses the plugin, if that is what stands against the request. */
    public Holders holders() {
        return Holders.of(List.of(holders));
    }
}
