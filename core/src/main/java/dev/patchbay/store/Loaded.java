package dev.patchbay.store;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What was found in one folder of the plugin directory. */
public sealed interface Loaded {
    /**
     * A plugin.
     *
     * @param previous the version before the last upgrade, if it is there whole
     * @param holders who held it over restarts when it was last enabled
     * @param limits what it was given instead of its engine's limits
     */
    record Intact(PluginRecord record, Optional<RuntimeRecord> runtime, Optional<PluginRecord> previous,
            List<Holder> holders, LimitOverrides limits) implements Loaded {
        /** Copies the holders. */
        public Intact {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A plugin's folder that no plugin can be read from, for now or for good. It is left as it is, and may be read once
     * more by {@link PluginStore#reload}: the disk may have failed only once, or somebody may mend the folder.
     *
     * @param id the plugin whose folder it is by its name; it may have a container
     * @param reason a sentence
     */
    record Damaged(PluginId id, Path folder, String reason) implements Loaded {}

    /**
     * Something that an operator should look at, beside the plugins: what could not be cleaned, repaired or decided.
     *
     * @param problem a sentence that names the paths and says what to do
     */
    record Notice(Path folder, String problem) implements Loaded {}
}
