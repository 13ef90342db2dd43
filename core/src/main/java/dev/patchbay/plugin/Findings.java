package dev.patchbay.plugin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the rules found in one configuration. One thread fills it. */
final class Findings {

    /** The most problems, and the most warnings, that are kept. */
    static final int MAX_PROBLEMS = 1000;

    private final List<ConfigProblem> errors = new ArrayList<>();
    private final List<ConfigProblem> warnings = new ArrayList<>();

    void error(String field, String sentence) {
        add(errors, field, sentence);
    }

    void warn(String field, String sentence) {
        add(warnings, field, sentence);
    }

    private static void add(List<ConfigProblem> list, String field, String sentence) {
        if (list.size() < MAX_PROBLEMS) {
            list.add(new ConfigProblem(field, sentence));
        }
    }

    List<ConfigProblem> errors() {
        return errors;
    }

    List<ConfigProblem> warnings() {
        return warnings;
    }

    void noZeroByte(String field, String text) {
        if (text.indexOf('\0') >= 0) {
            error(field, "contains a zero byte");
        }
    }

    void noZeroBytes(String field, Iterable<String> texts) {
        int index = 0;
        for (String text : texts) {
            noZeroByte(field + "[" + index++ + "]", text);
        }
    }

    void absolute(String field, String path) {
        if (!path.startsWith("/")) {
            error(field, "must be an absolute path");
        }
        noZeroByte(field, path);
    }

    /** Remembers names, and complains about one that comes a second time. Empty names may repeat. */
    final class Names {

        private final Set<String> seen = new HashSet<>();

        void add(String field, String name) {
            if (!name.isEmpty() && !seen.add(name)) {
                error(field, "the name \"" + name + "\" is used twice");
            }
        }
    }
}
