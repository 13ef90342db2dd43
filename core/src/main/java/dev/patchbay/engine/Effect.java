package dev.patchbay.engine;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.time.Duration;

/** Work for the outside world. Its outcome returns as a {@link Command}, never as a result. */
sealed interface Effect {
    PluginId plugin();

    /** Starts a container and dials its socket until it accepts. */
    record StartContainer(PluginRecord record, LimitOverrides limits, int generation) implements Effect {
        @Override
        public PluginId plugin() {
            return record.plugin().id();
        }
    }

    /** Finds out what an earlier process left of a plugin, and takes over what runs. */
    record FindContainer(PluginRecord record, LimitOverrides limits, int generation) implements Effect {
        @Override
        public PluginId plugin() {
            return record.plugin().id();
        }
    }

    /** Dials the socket of a container that was taken over until it accepts. */
    record Dial(PluginRecord record, int generation) implements Effect {
        @Override
        public PluginId plugin() {
            return record.plugin().id();
        }
    }

    /** As {@link StopContainer}, where it is not known yet what an earlier process left: that is found out first. */
    record StopFound(PluginRecord record, int generation) implements Effect {
        @Override
        public PluginId plugin() {
            return record.plugin().id();
        }
    }

    /** Ends whatever there is of a generation, a start under way included, and cleans up after it. */
    record StopContainer(PluginId plugin, int generation) implements Effect {}

    /** Deletes the files of a removed plugin. */
    record Purge(PluginId plugin) implements Effect {}

    record SetTimer(PluginId plugin, int generation, Timer timer, Duration delay) implements Effect {}
}
