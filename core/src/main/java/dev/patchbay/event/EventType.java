package dev.patchbay.event;

/** Kinds of events, named as Docker names them where it has them. */
public enum EventType {
    /** A plugin was installed from a registry; attributes {@code reference}, {@code digest} of its manifest. */
    PULL("pull"),
    /**
     * A plugin got a new version from a registry; attributes {@code reference}, {@code digest} of its manifest,
     * {@code from}, and, if settings could not be carried over, their names in {@code settingsDropped}.
     */
    UPGRADE("upgrade"),
    /** A plugin went back to its previous version; attributes {@code reference}, {@code digest}, {@code from}. */
    ROLLBACK("rollback"),
    /** A plugin was published; attributes {@code reference}, {@code digest} of its manifest. */
    PUSH("push"),
    /** A plugin was installed from a context. */
    CREATE("create"),
    /** A plugin that its user asked for runs. */
    ENABLE("enable"),
    /** A plugin was switched off and its container is gone. */
    DISABLE("disable"),
    /** A plugin and its files are gone. */
    REMOVE("remove"),
    /** Settings were changed. */
    SET("set"),
    /** A container is about to be started; attribute {@code cause}: enable, restart or restore. */
    START("start"),
    /** A plugin that was enabled already runs again, after a crash or a restart of the engine. */
    RECOVER("recover"),
    /** A start did not succeed; attribute {@code reason}. */
    START_FAILED("start_failed"),
    /**
     * It could not be told what runs of a plugin since before the engine was opened; tried again. Attributes
     * {@code reason}, {@code attempt}, {@code delayMs}.
     */
    RESTORE_FAILED("restore_failed"),
    /** A running plugin ended against its user's wish; attributes {@code exitCode}, {@code signal}, {@code oom}. */
    CRASH("crash"),
    /** The next start is planned; attributes {@code attempt}, {@code delayMs}. */
    BACKOFF("backoff"),
    /** A restarted plugin has run long enough to count as healthy. */
    STABLE("stable"),
    /**
     * A plugin is being stopped; attribute {@code cause}: disable, remove, shutdown, or renew if it was found running with
     * another bundle than it would be started with now, which it then is.
     */
    STOP("stop"),
    /** A container outlived KILL or could not be removed; attribute {@code reason}. */
    STOP_FAILED("stop_failed");

    private final String wireName;

    EventType(String wireName) {
        this.wireName = wireName;
    }

    /** As on the wire, and as Docker's {@code Action}. */
    public String wireName() {
        return wireName;
    }
}
