package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders that are named by plugins. */
final class PluginFolders {
    private PluginFolders() {}

    /** The plugins that have a folder in a place; none if there is no such place. Blocks. */
    static List<PluginId> in(Path place) throws IOException {
        var plugins = new ArrayList<PluginId>();
        if (!Files.isDirectory(place)) {
            return plugins;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(place)) {
            for (Path folder : folders) {
                PluginId.parse(String.valueOf(folder.getFileName())).ifPresent(plugins::add);
            }
        }
        return plugins;
    }
}
