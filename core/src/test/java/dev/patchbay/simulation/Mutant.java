package dev.patchbay.simulation;

/** A bug that is put into a port of the world on purpose, to see that the simulation finds it. */
enum Mutant {
    /** All is as it should be. */
    NONE,
    /** The disk says that it has synced, and has not. */
    SKIP_SYNC,
    /** The store says that it has written, and writes afterwards. */
    REPLY_BEFORE_STORE,
    /** Exits are told as those of whatever start is the latest by then. */
    IGNORE_GENERATION,
    /** The collection of garbage does not look at what is being staged or held. */
    COLLECT_LEASED_BLOB,
    /** Some exits are never told, and who asks is told that those containers run. */
    LOSE_EXIT,
    /** Of the plugins on disk one is not found. */
    RESTORE_FORGETS,
    /** A start does not wait until what was there before is gone. */
    TWO_STARTS,
    /** The journal says that it has taken events, and has not. */
    FORGET_EVENTS,
    /** Each process draws the same ids. */
    SAME_IDS,
    /** Who holds a plugin is not written down. */
    FORGET_HOLDERS,
    /** What limits a plugin was given is not written down. */
    FORGET_LIMITS,
    /** A runtime knows no limits. */
    IGNORE_LIMITS
}
