package dev.patchbay.store;

import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.util.Optional;

/** What was found in one folder of the plugin directory. */
public sealed interface Loaded {
    /** A plugin. */
    record Intact(PluginRecord record, Optional<RuntimeRecord> runtime) implements Loaded {}

    /** A folder that looks like a plugin's and is none, with the reason as a sentence. It is left as it is. */
    record Damaged(Path folder, String reason) implements Loaded {}
}
