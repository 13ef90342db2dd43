package dev.patchbay.benchmarks.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What load is put on with, over HTTP. */
enum CommandKind {
    /** {@code GET /plugins}. */
    LIST,
    /** {@code GET /plugins/NAME/json}. */
    INSPECT,
    /** Enables a plugin, and disables it: two requests. Each connection has a plugin of its own for it. */
    CYCLE,
    /** Changes a setting of a plugin, which is an event. */
    SET;

    /** As it is typed. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CommandKind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
}
