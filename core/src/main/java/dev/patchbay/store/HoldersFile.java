package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads who holds a plugin over restarts. Each method blocks.
 *
 * <p>A file that is not what it should be costs the plugin nothing: it runs, held by those who can be read. What the file was
 * is set aside, and told as long as it is there.
 */
final class HoldersFile {
    private final Layout layout;
    private final DurableFiles files;

    HoldersFile(Layout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    /**
     * Those who hold it. One that is off has none, whatever is left of those it had.
     *
     * @param beside the names in the plugin's folder
     */
    List<Holder> read(PluginRecord plugin, Set<String> beside, NoticeBoard notices) {
        PluginId id = plugin.plugin().id();
        Path folder = layout.plugin(id);
        beside.stream()
                .filter(name -> name.startsWith(Layout.DAMAGED_HOLDERS_PREFIX))
                .forEach(name -> tell(folder.resolve(name), plugin, notices));
        return plugin.plugin().enabled() && beside.contains(Layout.HOLDERS)
                ? read(plugin, layout.holders(id), notices)
                : List.of();
    }

    private List<Holder> read(PluginRecord plugin, Path file, NoticeBoard notices) {
        Path aside = file.resolveSibling(files.unique(Layout.DAMAGED_HOLDERS_PREFIX));
        try {
            Optional<byte[]> json = files.read(file, HoldersJson.MAX_BYTES);
            return json.map(bytes -> read(plugin, file, bytes, aside, notices)).orElseGet(List::of);
        } catch (StoreException e) {
            attempt(plugin, file, aside, notices, () -> files.rename(file, aside));
            return List.of();
        }
    }

    private List<Holder> read(PluginRecord plugin, Path file, byte[] json, Path aside, NoticeBoard notices) {
        HoldersJson.Found found = HoldersJson.read(json);
        if (!found.isWhole()) {
            attempt(plugin, file, aside, notices, () -> {
                // The copy first: cut off between the two, nobody is lost, and all is found as it was.
                files.writeNew(aside, json);
                files.replace(file, HoldersJson.write(found.holders()), Optional.of(json));
            });
        }
        return found.holders();
    }

    private static void attempt(PluginRecord plugin, Path file, Path aside, NoticeBoard notices,
            Runnable settingAside) {
        try {
            settingAside.run();
            tell(aside, plugin, notices);
        } catch (StoreException e) {
            notices.tell(file,
                    file + " is damaged or of a later version, and cannot be set aside: whoever is not shown"
                            + " as a holder of plugin " + plugin.plugin().name().familiar()
                            + " any more, and uses it, must say so again: " + e.getMessage());
        }
    }

    private static void tell(Path aside, PluginRecord plugin, NoticeBoard notices) {
        notices.tell(aside, aside + " had those who hold plugin " + plugin.plugin().name().familiar()
                + ", and is damaged or of a later version: whoever is not shown as a holder any more, and uses it, must"
                + " say so again; then delete that file");
    }
}
