package dev.patchbay.store;

import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.util.Optional;

/** What was found in one folder of the plugin directory. */
public sealed interface Loaded {
    /**
     * A plugin.
     *
     * @param previous the version before the last upgrade, if it is there whole
     */
    record Intact(PluginRecord record, Optional<RuntimeRecord> runtime,
            Optional<PluginRecord> previous) implements Loaded {}

    /** A folder that looks like a plugin's and is none, with the reason as a sentence. It is left as it is. */
    record Damaged(Path folder, String reason) implements Loaded {}

    /**
     * Something that an operator should look at, beside the plugins: what could not be cleaned, repaired or decided.
     *
     * @param problem a sentence that names the paths and says what to do
     */
    record Notice(Path folder, String problem) implements Loaded {}
}
