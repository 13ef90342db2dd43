package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.measure.Records;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A thousand plugins that do not run, kept by something that takes commands from many threads and answers each. */
interface AskedPlugins {
    /** How many there are. */
    int PLUGINS = 1000;

    /** What comes of a command. */
    sealed interface Answer {}

    /** Not what was asked for: there is no such plugin, or it does not run. */
    record Refused(String why) implements Answer {}

    /** What was asked for. */
    record Done() implements Answer {}

    /** Asks. */
    CompletionStage<Answer> disable(String name);

    /** What is kept of them. For one thread. */
    final class Table {
        private final Map<String, Boolean> running = new HashMap<>();

        Table() {
            for (int number = 0; number < PLUGINS; number++) {
                running.put(Records.name(number), false);
            }
        }

        /** Decides. */
        Answer disable(String name) {
            Boolean runs = running.get(name);
            if (runs == null) {
                return new Refused("there is no plugin " + name);
            } else if (!runs) {
                return new Refused("plugin " + name + " is not enabled");
            }
            running.put(name, false);
            return new Done();
        }
    }
}
