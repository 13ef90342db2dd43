package dev.patchbay;

import java.util.List;

/**
 * Whether the engine works.
 *
 * @param live whether the state thread takes commands
 * @param ready whether the first round of restoring is over: each plugin that is wanted runs or has been tried once. What
 *     is wrong with one plugin, or one folder, makes nothing else less ready
 * @param problems why it is not ready, or what an operator should look at, such as wanted plugins that have not run yet
 *     or folders that cannot be read: sentences, empty if all is well
 */
public record Health(boolean live, boolean ready, List<String> problems) {
    /** Copies the problems. */
    public Health {
        problems = List.copyOf(problems);
    }
}
