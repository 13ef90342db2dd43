package dev.patchbay.legacy;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which file speaks for a plugin: the first that exists of those that its name stands for (moby
 * {@code pkg/plugins/discovery.go}).
 */
final class SearchOrder {
    static final String SOCKET = ".sock";
    static final String SPEC = ".spec";
    static final String JSON = ".json";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:@+-]{0,127}");

    private SearchOrder() {}

    /** All files that may speak for a plugin, the strongest first. */
    static List<Path> of(LegacyFolders folders, String name) {
        return Stream.concat(
                both(folders.sockets(), name, SOCKET),
                folders.descriptions()
                        .stream()
                        .flatMap(folder -> Stream.concat(both(folder, name, SPEC), both(folder, name, JSON))))
                .toList();
    }

    private static Stream<Path> both(Path folder, String name, String ending) {
        return Stream.of(folder.resolve(name + ending), folder.resolve(name).resolve(name + ending));
    }

    /** The endings that mean something in a folder. */
    static Set<String> endings(LegacyFolders folders, Path folder) {
        return folder.equals(folders.sockets()) ? Set.of(SOCKET) : Set.of(SPEC, JSON);
    }

    /** What a file is called without its ending. */
    static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** Whether a plugin can be called so: what is to be printed on a line, and can be a file's name. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The plugins that some files speak for. */
    static Set<String> names(Collection<Path> files) {
        var names = new TreeSet<String>();
        files.stream().map(SearchOrder::stem).filter(SearchOrder::isName).forEach(names::add);
        return names;
    }
}
