package dev.patchbay.legacy;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.text.Quoted;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One look at a folder: names, not contents. Blocks, and may hang. */
final class FolderLook {
    /** More than anybody has; each costs a look at every change, and a subfolder a watch. */
    static final int MOST = 1000;

    private final Path folder;
    private final Set<String> endings;
    private final Set<Path> files = new HashSet<>();
    private final Map<Path, Set<String>> watched = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private FolderLook(Path folder, Set<String> endings) {
        this.folder = folder;
        this.endings = endings;
    }

    /** What lies in one of the folders. */
    static Listing at(LegacyFolders folders, Path folder) {
        return new FolderLook(folder, SearchOrder.endings(folders, folder)).look();
    }

    private Listing look() {
        watchWay();
        lookInside();
        return new Listing(files, watched, problems);
    }

    /** Any part of the way may come, vanish or be exchanged. */
    private void watchWay() {
        FolderWatch.join(watched, WayTo.file(folder));
        watched.put(folder, Set.of());
    }

    private void lookInside() {
        int seen = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (++seen > MOST) {
                    problems.add(folder + " holds more than " + MOST
                            + " files; legacy plugins among the rest are not seen");
                    return;
                }
                take(entry);
            }
        } catch (NoSuchFileException | NotDirectoryException _) {
            // It may come.
        } catch (IOException | DirectoryIteratorException e) {
            problems.add(folder + ", where legacy plugins are looked for, cannot be read: "
                    + Quoted.shortened(String.valueOf(e.getMessage())));
        }
    }

    private void take(Path entry) {
        String name = String.valueOf(entry.getFileName());
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            // Those of managed plugins, Docker's or ours, hold sockets that are nobody else's business.
            if (PluginId.parse(name).isEmpty()) {
                takeInside(entry, name);
            }
        } else if (endings.stream().anyMatch(name::endsWith)) {
            takeFile(entry);
        }
    }

    private void takeInside(Path subfolder, String name) {
        var inside = new HashSet<String>();
        for (String ending : endings) {
            inside.add(name + ending);
            if (Files.exists(subfolder.resolve(name + ending), LinkOption.NOFOLLOW_LINKS)) {
                takeFile(subfolder.resolve(name + ending));
            }
        }
        FolderWatch.join(watched, Map.of(subfolder, inside));
    }

    private void takeFile(Path file) {
        if (SearchOrder.isName(SearchOrder.stem(file))) {
            files.add(file);
        } else {
            problems.add(Quoted.shortened(file.toString())
                    + " names no plugin: a name has 1 to 128 letters, digits and \"_.:@+-\", and begins with a letter or digit");
        }
    }
}
