package dev.patchbay.archive;

import java.util.ArrayList;
import java.util.List;

/** The names of entries taken apart, without asking the file system. */
final class EntryNames {
    private EntryNames() {}

    /**
     * Splits a name at its slashes. Leading slashes, empty parts and single dots vanish, so {@code /a}, {@code ./a} and
     * {@code a/} are one place; an empty list is the root.
     *
     * @throws UnsafeEntryException if the name has a part {@code ..} or a NUL
     */
    static List<String> parts(String entry, String name) throws UnsafeEntryException {
        if (name.indexOf('\0') >= 0) {
            throw new UnsafeEntryException(entry, "its name holds a NUL character");
        }
        List<String> parts = new ArrayList<>();
        for (int start = 0; start < name.length();) {
            int slash = name.indexOf('/', start);
            int end = slash < 0 ? name.length() : slash;
            String part = name.substring(start, end);
            if (part.equals("..")) {
                throw new UnsafeEntryException(entry, "the part \"..\" in " + ArchiveException.quoted(name)
                        + " leads out of its folder");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
            start = end + 1;
        }
        return parts;
    }
}
