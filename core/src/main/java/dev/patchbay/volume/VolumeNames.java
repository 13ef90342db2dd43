package dev.patchbay.volume;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** What names, ids, options and labels may be, whoever they come from. */
final class VolumeNames {
    /** As many characters as a name of a folder may have: most drivers make one. */
    static final int LONGEST_NAME = 255;

    static final int LONGEST_MOUNT = 128;

    /** How many options a volume may have, and how many labels. */
    static final int MOST_ENTRIES = 128;

    /** Of one option or label. */
    static final int LONGEST_KEY = 256;

    /** Of all options, or all labels, of one volume together. */
    static final int MOST_BYTES = 32 << 10;

    /** Docker's ({@code daemon/names/names.go}). */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

    private static final Pattern MOUNT = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    private VolumeNames() {}

    /** Whether a volume may be called so, a plugin's too. */
    static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
    }

    /** The name. @throws InvalidRequestException if nothing may be called so */
    static String checked(String name) {
        if (!isName(name)) {
            throw new InvalidRequestException("the volume name \"" + Quoted.shortened(name)
                    + "\" is not allowed: it has 2 to " + LONGEST_NAME
                    + " of the characters [a-zA-Z0-9_.-], and begins with a letter or digit", null);
        }
        return name;
    }

    /** The id of a mount. @throws InvalidRequestException if it may not be one */
    static String checkedMount(String id) {
        if (id.length() > LONGEST_MOUNT || !MOUNT.matcher(id).matches()) {
            throw new InvalidRequestException("the id of a mount has 1 to " + LONGEST_MOUNT
                    + " of the characters [a-zA-Z0-9_.-], and begins with a letter or digit; this is none: \""
                    + Quoted.shortened(id) + "\"", null);
        }
        return id;
    }

    /** Options or labels. @throws InvalidRequestException if they are too many or too long */
    static Map<String, String> checked(String what, Map<String, String> entries) {
        if (entries.size() > MOST_ENTRIES) {
            throw new InvalidRequestException("a volume has at most " + MOST_ENTRIES + " " + what + ", not "
                    + entries.size(), null);
        }
        long bytes = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (key.isBlank() || key.length() > LONGEST_KEY
                    || !key.codePoints().allMatch(Quoted::isVisible)) {
                throw new InvalidRequestException("a key of " + what + " has 1 to " + LONGEST_KEY
                        + " visible characters; this is none: \"" + Quoted.shortened(key) + "\"", null);
            }
            if (entry.getValue().indexOf('\0') >= 0) {
                throw new InvalidRequestException("among the " + what + ", the value of \"" + key
                        + "\" has a NUL character", null);
            }
            bytes += key.getBytes(StandardCharsets.UTF_8).length
                    + (long) entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MOST_BYTES) {
            throw new InvalidRequestException("the " + what + " of a volume have at most " + MOST_BYTES
                    + " bytes together, not " + bytes, null);
        }
        return Map.copyOf(entries);
    }
}
