package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.WAIT;
import static dev.patchbay.engine.Decision.refuse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rows of one state. A command that no row names is expected to be ignored. */
final class Table {
    private final String title;
    private final PluginState state;
    private final Map<Command, Row> rows = new LinkedHashMap<>();

    Table(String title, PluginState state) {
        this.title = title;
        this.state = state;
    }

    Table row(Command command, String meaning, Decision expected) {
        var row = new Row(title + ", " + command + ": " + meaning, state, command, expected);
        if (rows.put(command, row) != null) {
            throw new IllegalArgumentException("two rows for " + row.name());
        }
        return this;
    }

    Table refuses(Refusal why, Command... commands) {
        for (Command command : commands) {
            row(command, "refused", refuse(why));
        }
        return this;
    }

    Table waits(Command... commands) {
        for (Command command : commands) {
            row(command, "waits", WAIT);
        }
        return this;
    }

    /** All rows: those given, and one for each other command, which is ignored. */
    Stream<Row> rows() {
        Set<Command> all = Row.commands().collect(Collectors.toSet());
        if (!all.containsAll(rows.keySet())) {
            throw new IllegalArgumentException(
                    "a row for a command that is not in the list: " + rows.keySet());
        }
        var others = Row.commands()
                .filter(command -> !rows.containsKey(command))
                .map(command -> new Row(title + ", " + command + ": ignored", state, command, IGNORED));
        return Stream.concat(rows.values().stream(), others);
    }
}
