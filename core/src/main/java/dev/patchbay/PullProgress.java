package dev.patchbay;

import dev.patchbay.image.LayerProgress;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.util.List;

/** What happens while a plugin is installed or upgraded from a registry, in this order. */
public sealed interface PullProgress {
    /**
     * The registry has it. The first signal of every pull that gets so far.
     *
     * @param remote what was asked for, with the default tag if it had neither tag nor digest
     * @param digest of the manifest or index that it names
     */
    record Resolved(Reference remote, Digest digest) implements PullProgress {}

    /** A layer has come further. */
    record Layer(LayerProgress progress) implements PullProgress {}

    /**
     * Settings of the old version that the new one does not have. Sent before {@link Done}, if there are any.
     *
     * @param names as in {@code set}, without values
     */
    record SettingsDropped(List<String> names) implements PullProgress {
        /** Copies the names. */
        public SettingsDropped {
            names = List.copyOf(names);
        }
    }

    /** It is installed, or upgraded, and on disk. Always the last signal before completion. */
    record Done(PluginId plugin) implements PullProgress {}
}
