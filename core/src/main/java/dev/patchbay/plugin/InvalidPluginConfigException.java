package dev.patchbay.plugin;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Says why a configuration or record cannot be used. Lists every problem found, its message the first few. */
public final class InvalidPluginConfigException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 5;

    private final transient List<ConfigProblem> problems;

    InvalidPluginConfigException(List<ConfigProblem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    InvalidPluginConfigException(String sentence) {
        this(List.of(new ConfigProblem("", sentence)));
    }

    /** All problems, at least one. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    private static String message(List<ConfigProblem> problems) {
        String first = problems.stream()
                .limit(SHOWN)
                .map(ConfigProblem::toString)
                .collect(Collectors.joining("; "));
        int more = problems.size() - SHOWN;
        return more > 0 ? first + "; and " + more + " more" : first;
    }
}
