package dev.patchbay.simulation;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.Step.What;
import java.util.Optional;

/** Something that a client asked for, and what it knows of how it went. */
final class Attempt {
    /** What the client knows. */
    enum Outcome {
        /** No answer yet. */
        PENDING,
        /** It was told that it is done. */
        DONE,
        /** It was told that nothing was changed. */
        REFUSED,
        /** It was told that the disk refused: what was taken back may come again if power is lost. */
        NOT_STORED,
        /** It will never know: the process died, or it hung up, or the answer does not say. */
        UNKNOWN
    }

    private final What what;
    private final String name;
    private final int number;
    private final long begun;
    private Optional<PluginId> plugin;
    private long ended = Long.MAX_VALUE;
    private Outcome outcome = Outcome.PENDING;

    Attempt(What what, String name, int number, Optional<PluginId> plugin, long begun) {
        this.what = what;
        this.name = name;
        this.number = number;
        this.plugin = plugin;
        this.begun = begun;
    }

    What what() {
        return what;
    }

    /** Whether it is to make a plugin. */
    boolean isCreation() {
        return what == What.CREATE || what == What.INSTALL;
    }

    /** Whether it brings force, as each second one does. */
    boolean isForced() {
        return number % 2 == 0;
    }

    String name() {
        return name;
    }

    int number() {
        return number;
    }

    Optional<PluginId> plugin() {
        return plugin;
    }

    /** The plugin that it turned out to be about. */
    void isAbout(PluginId found) {
        plugin = Optional.of(found);
    }

    Outcome outcome() {
        return outcome;
    }

    boolean isPending() {
        return outcome == Outcome.PENDING;
    }

    /** Whether it certainly had no effect. */
    boolean isRefused() {
        return outcome == Outcome.REFUSED || outcome == Outcome.NOT_STORED;
    }

    boolean isDone() {
        return outcome == Outcome.DONE;
    }

    /** The client knows. */
    void end(Outcome known, long at) {
        outcome = known;
        ended = at;
    }

    /** Nothing more comes of it: its process is gone. */
    void processDied(long at) {
        if (outcome == Outcome.PENDING) {
            outcome = Outcome.UNKNOWN;
        }
        ended = Math.min(ended, at);
    }

    /** What was not synced may be there, or not. */
    void powerLost() {
        if (outcome == Outcome.NOT_STORED) {
            outcome = Outcome.UNKNOWN;
        }
    }

    /** The client hung up; it may take effect as long as the process lives. */
    void hungUp() {
        outcome = Outcome.UNKNOWN;
    }

    /** Whether it was over before the other began. */
    boolean precedes(Attempt other) {
        return ended < other.begun;
    }
}
