package dev.patchbay.event;

/** What an event in a journal on disk outlives. */
public enum Durability {
    /** The process. When the machine goes down, the newest events may be lost: those kept are put aside, in an epoch that is
     * over. */
    BATCH("batch"),
    /** The machine. */
    SYNC("sync");

    private final String wireName;

    Durability(String wireName) {
        this.wireName = wireName;
    }

    /** As in configurations. */
    public String wireName() {
        return wireName;
    }
}
