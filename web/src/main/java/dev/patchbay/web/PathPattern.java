package dev.patchbay.web;

import dev.patchbay.authz.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of paths: literal text with {@code {name}} for one segment that is not empty, and {@code {name:.*}} for any
 * text, slashes and nothing at all included. Matched against the percent-decoded path; a trailing slash matters.
 */
public final class PathPattern {
    /** The variable that holds the digits of a {@code /v1.51} prefix; absent without one. */
    public static final String VERSION = "version";

    private static final Pattern VARIABLE = Pattern.compile("\\{(?<name>[a-z]+)(?<any>:\\.\\*)?\\}");

    private final String template;
    private final Pattern regex;
    private final List<String> variables;

    private PathPattern(String template, String prefix) {
        this.template = template;
        var names = new ArrayList<String>();
        var text = new StringBuilder(prefix);
        if (!prefix.isEmpty()) {
            names.add(VERSION);
        }
        Matcher matcher = VARIABLE.matcher(template);
        int from = 0;
        while (matcher.find()) {
            text.append(Pattern.quote(template.substring(from, matcher.start())));
            names.add(matcher.group("name"));
            text.append("(?<")
                    .append(matcher.group("name"))
                    .append(matcher.group("any") == null ? ">[^/]+)" : ">.*)");
            from = matcher.end();
        }
        regex = Pattern.compile(text.append(Pattern.quote(template.substring(from))).toString(),
                Pattern.DOTALL);
        variables = List.copyOf(names);
    }

    /** Paths as written. */
    public static PathPattern of(String template) {
        return new PathPattern(template, "");
    }

    /** Paths as written, also with Docker's version prefix {@code /v1.51}. */
    public static PathPattern versioned(String template) {
        return new PathPattern(template, "(?:/v(?<" + VERSION + ">" + Shown.VERSION + "))?");
    }

    /** The variables of a path, or empty if the path is another. */
    Optional<Map<String, String>> match(String path) {
        Matcher matcher = regex.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var values = new HashMap<String, String>();
        for (String variable : variables) {
            String value = matcher.group(variable);
            if (value != null) {
                values.put(variable, value);
            }
        }
        return Optional.of(Map.copyOf(values));
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
