package dev.patchbay.engine;

import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.plugin.PluginId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the plugins that were found: the first round is over when each that is wanted runs, or has been tried
 * once, and each folder that could not be read has been read once more. Filled before the first news, then state thread
 * only; whether it is over, and who is absent, is asked on any thread.
 */
final class FirstRound {
    private static final Logger LOG = LoggerFactory.getLogger(FirstRound.class);

    /** So many are named; a line of thousands helps nobody. */
    private static final int NAMED = 10;

    /** The generations that were found of plugins that are wanted. */
    private final Map<PluginId, Integer> wanted = new HashMap<>();

    /** Those for which the round is not over. */
    private final Set<PluginId> awaited = ConcurrentHashMap.newKeySet();

    /** Plugins that were wanted and have not run yet since. */
    private final Set<PluginId> absent = ConcurrentHashMap.newKeySet();
    private final List<String> failed = new ArrayList<>();
    private final Consumer<Map<String, String>> whenOver;
    private int found;
    private int takenOver;
    private int startedAgain;
    private boolean begun;
    private volatile boolean over;

    /** Makes one that says when it is over, once, and how many plugins were wanted and run. */
    FirstRound(Consumer<Map<String, String>> whenOver) {
        this.whenOver = whenOver;
    }

    /** A plugin that was found on disk, at first or later. */
    void found(PluginView view) {
        PluginId plugin = view.plugin().id();
        found++;
        if (view.plugin().enabled()) {
            wanted.put(plugin, view.status().generation());
            absent.add(plugin);
            await(plugin);
        } else {
            done(plugin);
        }
    }

    /** A folder that may be a plugin's that is wanted. */
    void awaitFolder(PluginId folder) {
        await(folder);
    }

    /** Such a folder was read once more, or that takes too long, and nobody knows yet whose it is. */
    void folderWasRead(PluginId folder) {
        if (!wanted.containsKey(folder)) {
            done(folder);
        }
    }

    private void await(PluginId plugin) {
        if (!over) {
            awaited.add(plugin);
        }
    }

    /** All that there was at first is known. */
    void begin() {
        begun = true;
        endIfDone();
    }

    /** Something happened to a plugin, which is this now, if it is there still. */
    void news(PluginId plugin, Optional<PluginView> now) {
        if (absent.contains(plugin) && now.map(FirstRound::isWell).orElse(true)) {
            absent.remove(plugin);
        }
        if (awaited.contains(plugin) && now.map(FirstRound::isSettled).orElse(true)) {
            now.ifPresent(this::ended);
            done(plugin);
        }
    }

    private void done(PluginId plugin) {
        awaited.remove(plugin);
        endIfDone();
    }

    private void endIfDone() {
        if (begun && !over && awaited.isEmpty()) {
            over = true;
            LOG.info("{}", summary());
            whenOver.accept(counts());
        }
    }

    private static boolean isSettled(PluginView view) {
        Status status = view.status();
        return switch (status.state()) {
            case STARTING -> false;
            // It could not be restored or started; the round is over for it. Until a next try is planned it is not.
            case RESTORING, BACKING_OFF -> status.nextTry().isPresent();
            case STOPPED, RUNNING, STOPPING, STUCK -> true;
        };
    }

    private static boolean isWell(PluginView view) {
        return !view.plugin().enabled() || view.status().state() == State.RUNNING;
    }

    /** One that was wanted, now that the round is over for it. One that its user stopped meanwhile is nothing to tell. */
    private void ended(PluginView view) {
        Integer generation = wanted.get(view.plugin().id());
        if (generation == null || !view.plugin().enabled()) {
            return;
        }
        if (view.status().state() != State.RUNNING) {
            failed.add(view.plugin().name().familiar());
        } else if (view.status().generation() == generation) {
            takenOver++;
        } else {
            startedAgain++;
        }
    }

    private Map<String, String> counts() {
        return Map.of("plugins", Integer.toString(wanted.size()),
                "running", Integer.toString(takenOver + startedAgain));
    }

    /** Once it is, it is for good. */
    boolean isOver() {
        return over;
    }

    /** For how many the round is not over. */
    int awaited() {
        return awaited.size();
    }

    /** Those that should run since they were found and have not yet, as they are whenever one looks. */
    Set<PluginId> absent() {
        return Collections.unmodifiableSet(absent);
    }

    /** What an operator wants to read once all is told. */
    String summary() {
        String counts = found + (found == 1 ? " plugin" : " plugins") + " found, " + wanted.size()
                + " of them wanted: "
                + takenOver + " taken over, " + startedAgain + " started again, " + failed.size()
                + " not running yet";
        if (failed.isEmpty()) {
            return counts;
        }
        String names = String.join(", ", failed.subList(0, Math.min(NAMED, failed.size())));
        return counts + " (" + names + (failed.size() > NAMED ? ", ..." : "")
                + "); they will be tried again";
    }
}
