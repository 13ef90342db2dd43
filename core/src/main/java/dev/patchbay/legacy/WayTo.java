package dev.patchbay.legacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Every name on the way to a file, link by link: if one of them comes, vanishes or is exchanged, the way leads elsewhere. */
final class WayTo {
    /** As many links as the kernel follows. */
    private static final int MOST_LINKS = 40;

    private final Map<Path, Set<String>> names = new LinkedHashMap<>();
    private final Deque<Path> left = new ArrayDeque<>();
    private Path at;

    private WayTo(Path path) {
        this.at = path.getRoot();
        put(path);
    }

    /** The names that matter, by the folder they are in. Blocks. */
    static Map<Path, Set<String>> file(Path path) {
        return new WayTo(path.toAbsolutePath()).walk();
    }

    private void put(Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            left.push(path.getName(i));
        }
    }

    private Map<Path, Set<String>> walk() {
        int links = 0;
        while (!left.isEmpty() && links <= MOST_LINKS) {
            if (step(left.pop())) {
                links++;
            }
        }
        return names;
    }

    /** Goes on by one name, and says whether it is a link. */
    private boolean step(Path name) {
        String text = name.toString();
        if (text.equals("..")) {
            at = at.getParent() == null ? at : at.getParent();
        }
        return !text.isEmpty() && !text.equals(".") && !text.equals("..") && into(name);
    }

    private boolean into(Path name) {
        names.computeIfAbsent(at, _ -> new HashSet<>()).add(name.toString());
        Path next = at.resolve(name);
        if (!Files.isSymbolicLink(next)) {
            at = next; // perhaps there is nothing yet
            return false;
        }
        try {
            Path target = Files.readSymbolicLink(next);
            at = target.isAbsolute() ? target.getRoot() : at;
            put(target);
        } catch (IOException _) {
            at = next; // gone at this very moment, of which there will be news
        }
        return true;
    }
}
