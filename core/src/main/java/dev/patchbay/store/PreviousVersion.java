package dev.patchbay.store;

import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the version of a plugin before the one in use. Each method blocks.
 *
 * <p>One that is damaged is set aside under a name that nothing else looks at, so that it is in nobody's way: as long as
 * it has its name, the blobs it refers to are unknown and no garbage can be collected.
 */
final class PreviousVersion {
    private final Layout layout;
    private final DurableFiles files;

    PreviousVersion(Layout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    /**
     * Reads it; empty if there is none, or none that can be used, which is told.
     *
     * @param beside the names in the plugin's folder
     */
    Optional<PluginRecord> read(PluginId id, Set<String> beside, Notices notices) {
        if (beside.stream()
                .noneMatch(name -> name.equals(Layout.PREVIOUS) || isDamaged(name))) {
            return Optional.empty(); // as with almost all, of which there may be many
        }
        Path folder = layout.plugin(id).resolve(Layout.PREVIOUS);
        try {
            Optional<PluginRecord> previous = whole(id, folder);
            if (previous.isEmpty() && DurableFiles.isFolder(folder)) {
                files.rename(folder, folder.resolveSibling(files.unique(Layout.DAMAGED_PREFIX)));
            }
            files.list(layout.plugin(id))
                    .stream()
                    .filter(file -> isDamaged(Layout.name(file)))
                    .forEach(file -> notices.tell(file, file + " was the previous version of plugin "
                            + id.shortHex()
                            + " and is damaged; nothing can be rolled back to it. Delete it, or mend its "
                            + Layout.RECORD + " and " + Layout.ROOTFS + " and name it " + folder));
            return previous;
        } catch (StoreException e) {
            notices.tell(folder, "plugin " + id.shortHex()
                    + " cannot be rolled back, and no garbage be collected, as long as " + folder
                    + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isDamaged(String name) {
        return name.startsWith(Layout.DAMAGED_PREFIX) && !name.startsWith(Layout.DAMAGED_HOLDERS_PREFIX);
    }

    private Optional<PluginRecord> whole(PluginId id, Path folder) {
        if (!DurableFiles.isFolder(folder.resolve(Layout.ROOTFS))) {
            return Optional.empty();
        }
        files.deleteTemporaries(folder);
        return files.read(folder.resolve(Layout.RECORD), PluginJson.MAX_BYTES)
                .flatMap(PreviousVersion::decode)
                .filter(plugin -> plugin.plugin().id().equals(id));
    }

    private static Optional<PluginRecord> decode(byte[] json) {
        try {
            return Optional.of(PluginJson.record(json));
        } catch (InvalidPluginConfigException _) {
            return Optional.empty(); // whoever asks sets it aside and says so
        }
    }
}
