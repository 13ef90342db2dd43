package dev.patchbay.web;

import dev.patchbay.authz.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A set of paths: literal text with {@code {name}} for one segment that is not empty, and at most one {@code {name:.*}}
 * for any text, slashes and nothing at all included. Matched against the percent-decoded path; a trailing slash matters.
 *
 * <p>Each variable fills the place between two slashes, or after the last. So a path fits in one way at most: what
 * stands before the text of any length is looked for from its left end, what stands after it from its right end.
 */
public final class PathPattern {
    /** The variable that holds the digits of a {@code /v1.51} prefix; absent without one. */
    public static final String VERSION = "version";

    private static final String ANY = ":.*";

    private final String template;
    private final boolean versioned;
    private final List<Part> before = new ArrayList<>();
    private final List<Part> after = new ArrayList<>();
    private Optional<String> any = Optional.empty(); // the variable of any length

    /** Text as it is, or the name of a segment. */
    private record Part(String text, boolean variable) {}

    private PathPattern(String template, boolean versioned) {
        this.template = template;
        this.versioned = versioned;
        var names = new HashSet<>(Set.of(VERSION));
        int from = 0;
        for (int at = template.indexOf('{'); at >= 0; at = template.indexOf('{', from)) {
            int end = template.indexOf('}', at) + 1;
            check(at > 0 && end > 0 && template.charAt(at - 1) == '/'
                    && (end == template.length() || template.charAt(end) == '/'));
            add(new Part(template.substring(from, at), false));
            variable(template.substring(at + 1, end - 1), names);
            from = end;
        }
        add(new Part(template.substring(from), false));
    }

    private void check(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "variables have names of their own in small letters, fill the place between slashes, and one may"
                            + " have any length, other than in " + template);
        }
    }

    private void variable(String variable, Set<String> names) {
        boolean ofAnyLength = variable.endsWith(ANY);
        String name = variable.substring(0, variable.length() - (ofAnyLength ? ANY.length() : 0));
        check(!name.isEmpty() && name.chars().allMatch(c -> c >= 'a' && c <= 'z') && names.add(name));
        if (ofAnyLength) {
            check(any.isEmpty());
            any = Optional.of(name);
        } else {
            add(new Part(name, true));
        }
    }

    private void add(Part part) {
        if (any.isPresent()) {
            after.addFirst(part);
        } else {
            before.add(part);
        }
    }

    /** Paths as written. @throws IllegalArgumentException if a variable is no whole segment, or two have any length */
    public static PathPattern of(String template) {
        return new PathPattern(template, false);
    }

    /** Paths as written, also with Docker's version prefix {@code /v1.51}. @throws IllegalArgumentException as above */
    public static PathPattern versioned(String template) {
        return new PathPattern(template, true);
    }

    /** The variables of a path, or empty if the path is another. */
    Optional<Map<String, String>> match(String path) {
        int version = versioned ? Shown.versionEnd(path, 0) : -1;
        if (version > 0) {
            var values = new HashMap<String, String>();
            if (matches(path, version, values)) {
                values.put(VERSION, path.substring("/v".length(), version));
                return Optional.of(Map.copyOf(values));
            }
        }
        var values = new HashMap<String, String>();
        return matches(path, 0, values) ? Optional.of(Map.copyOf(values)) : Optional.empty();
    }

    private boolean matches(String path, int from, Map<String, String> values) {
        int at = from;
        for (Part part : before) {
            int end = part.variable() ? segmentEnd(path, at) : at + part.text().length();
            if (!fits(part, path, at, end, values)) {
                return false;
            }
            at = end;
        }
        return any.isPresent() ? endMatches(path, at, values) : at == path.length();
    }

    private boolean endMatches(String path, int from, Map<String, String> values) {
        int end = path.length();
        for (Part part : after) {
            int at = part.variable() ? path.lastIndexOf('/', end - 1) + 1 : end - part.text().length();
            if (at < from || !fits(part, path, at, end, values)) {
                return false;
            }
            end = at;
        }
        values.put(any.orElseThrow(), path.substring(from, end));
        return true;
    }

    private static int segmentEnd(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    private static boolean fits(Part part, String path, int from, int end, Map<String, String> values) {
        if (!part.variable()) {
            return path.startsWith(part.text(), from);
        }
        if (from == end) {
            return false;
        }
        values.put(part.text(), path.substring(from, end));
        return true;
    }

    /** The text that the pattern was made from. */
    public String template() {
        return template;
    }

    @Override
    public String toString() {
        return template;
    }
}
