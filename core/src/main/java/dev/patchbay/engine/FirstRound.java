package dev.patchbay.engine;

import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.plugin.PluginId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What became of the plugins that were found at the opening, for the log. Filled before the first news, then state thread only. */
final class FirstRound {
    /** So many are named; a line of thousands helps nobody. */
    private static final int NAMED = 10;

    /** The generations that were found of plugins that are wanted. */
    private final Map<PluginId, Integer> wanted = new HashMap<>();
    private int found;
    private int takenOver;
    private int startedAgain;
    private final List<String> missing = new ArrayList<>();

    /** One that was found. */
    void found(PluginView view) {
        found++;
        if (view.plugin().enabled()) {
            wanted.put(view.plugin().id(), view.status().generation());
        }
    }

    /** One that was wanted, now that the round is over for it. One that its user stopped meanwhile is nothing to tell. */
    void ended(PluginView view) {
        Integer generation = wanted.get(view.plugin().id());
        if (generation == null || !view.plugin().enabled()) {
            return;
        }
        if (view.status().state() != State.RUNNING) {
            missing.add(view.plugin().name().familiar());
        } else if (view.status().generation() == generation) {
            takenOver++;
        } else {
            startedAgain++;
        }
    }

    /** What an operator wants to read once all is told. */
    String summary() {
        String counts = found + (found == 1 ? " plugin" : " plugins") + " found, " + wanted.size()
                + " of them wanted: "
                + takenOver + " taken over, " + startedAgain + " started again, " + missing.size()
                + " not running yet";
        if (missing.isEmpty()) {
            return counts;
        }
        String names = String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())));
        return counts + " (" + names + (missing.size() > NAMED ? ", ..." : "")
                + "); they will be tried again";
    }
}
