package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders of files and folders that are named by plugins. */
final class PluginFolders {
    private PluginFolders() {}

    /** The plugins whose id is a name in a place, or its part before a dot; none if there is no such place. Blocks. */
    static List<PluginId> in(Path place) throws IOException {
        var plugins = new ArrayList<PluginId>();
        for (Path file : Entries.in(place)) {
            PluginId.parse(String.valueOf(file.getFileName()).split("\\.", 2)[0]).ifPresent(plugins::add);
        }
        return plugins;
    }
}
