package dev.patchbay.syscall;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The mounts that this process sees, in the kernel's order; a snapshot that is old as soon as it is taken.
 *
 * @param entries one per mount; mounts stacked on one place appear bottom first
 */
public record MountTable(List<MountEntry> entries) {
    private static final Path SELF = Path.of("/proc/self/mountinfo");
    private static final int FIELDS_BEFORE_SEPARATOR = 6;

    /** Copies the list. */
    public MountTable {
        entries = List.copyOf(entries);
    }

    /** Reads the table of this process's mount namespace. */
    public static MountTable read() throws IOException {
        return parse(new String(Files.readAllBytes(SELF), StandardCharsets.UTF_8));
    }

    /**
     * As {@link #read()}, but only the file systems of the given types. There may be a thousand mounts, of which few are of
     * a particular type.
     */
    public static MountTable ofTypes(Set<String> types) throws IOException {
        return parse(new String(Files.readAllBytes(SELF), StandardCharsets.UTF_8), types);
    }

    static MountTable parse(String text, Set<String> types) throws IOException {
        MountTable found = parse(text.lines()
                .filter(line -> types.stream().anyMatch(type -> line.contains(" - " + type + " ")))
                .collect(Collectors.joining("\n")));
        return new MountTable(
                found.entries().stream().filter(entry -> types.contains(entry.type())).toList());
    }

    /**
     * Reads a table from the text of a mountinfo file.
     *
     * @throws IOException if a line does not have the kernel's form
     */
    public static MountTable parse(String text) throws IOException {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        MountEntry[] entries = new MountEntry[lines.size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entry(lines.get(i));
        }
        return new MountTable(List.of(entries));
    }

    /** Returns the mounts strictly below a directory, deepest first, of stacked ones the topmost first. */
    public List<MountEntry> below(Path directory) {
        Path top = directory.toAbsolutePath().normalize();
        return atOrBelow(top).stream().filter(entry -> !entry.mountPoint().equals(top)).toList();
    }

    /** Returns the mounts at or below a directory, deepest first, of stacked ones the topmost first. */
    public List<MountEntry> atOrBelow(Path directory) {
        Path top = directory.toAbsolutePath().normalize();
        Comparator<MountEntry> byDepth = Comparator.comparingInt(entry -> entry.mountPoint().getNameCount());
        // The sort is stable: within one depth the reversed order puts the topmost of a stack first.
        return entries.reversed()
                .stream()
                .filter(entry -> entry.mountPoint().startsWith(top))
                .sorted(byDepth.reversed())
                .toList();
    }

    private static MountEntry entry(String line) throws IOException {
        List<String> fields = List.of(line.split(" ", -1));
        int separator = fields.indexOf("-");
        if (separator < FIELDS_BEFORE_SEPARATOR || fields.size() < separator + 4) {
            throw new IOException("unexpected line in mountinfo: " + line);
        }
        try {
            return new MountEntry(Integer.parseInt(fields.get(0)), Integer.parseInt(fields.get(1)),
                    fields.get(2),
                    unescape(fields.get(3)), Path.of(unescape(fields.get(4))), fields.get(5),
                    fields.subList(FIELDS_BEFORE_SEPARATOR, separator), fields.get(separator + 1),
                    unescape(fields.get(separator + 2)), fields.get(separator + 3));
        } catch (IllegalArgumentException e) {
            throw new IOException("unexpected line in mountinfo: " + line, e);
        }
    }

    /** Undoes the kernel's {@code \ooo} form of space, tab, newline and backslash. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
