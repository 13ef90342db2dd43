package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders of files and folders that are named by plugins. */
final class PluginFolders {
    private PluginFolders() {}

    /** The plugins whose id is a name in a place, or its part before a dot; none if there is no such place. Blocks. */
    static List<PluginId> in(Path place) throws IOException {
        var plugins = new ArrayList<PluginId>();
        if (!Files.isDirectory(place)) {
            return plugins;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path file : files) {
                PluginId.parse(String.valueOf(file.getFileName()).split("\\.", 2)[0]).ifPresent(plugins::add);
            }
        }
        return plugins;
    }
}
