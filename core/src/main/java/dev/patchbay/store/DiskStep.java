package dev.patchbay.store;

/** One act on the disk: the unit in which a crash can interrupt the store, and the verb of its error messages. */
enum DiskStep {
    // @formatter:off
    LIST("list"),
    READ("read"),
    OPEN("open"),
    CREATE("create"),
    WRITE("write"),
    SYNC("sync"),
    CLOSE("close"),
    RENAME("rename"),
    DELETE("delete"),
    UNPACK("unpack below"),
    UNMOUNT("unmount below");
    // @formatter:on

    private final String verb;

    DiskStep(String verb) {
        this.verb = verb;
    }

    /** The act in a sentence: "cannot <i>write</i> /path". */
    String verb() {
        return verb;
    }
}
