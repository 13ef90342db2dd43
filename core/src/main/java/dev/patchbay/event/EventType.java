package dev.patchbay.event;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    /**
     * A plugin and its files are gone; attributes {@code cutOff}, with labels of those who used it,
     * and {@code cutOffHolders}, with all of them as a JSON array, if somebody did.
     */
    REMOVE("remove"),
    /** Settings were changed, or, if attribute {@code changed} says {@code limits}, those. */
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
    /**
     * The process of a container ended, wanted or not; attributes {@code exitCode}, or {@code signal} and {@code oom}, or
     * {@code reason} if it is not known how.
     */
    EXIT("exit"),
    /** A running plugin ended against its user's wish; attributes as those of the {@code exit} before it. */
    CRASH("crash"),
    /** The next start is planned; attributes {@code attempt}, {@code delayMs}. */
    BACKOFF("backoff"),
    /** A restarted plugin has run long enough to count as healthy. */
    STABLE("stable"),
    /**
     * A plugin is being stopped; attribute {@code cause}: disable, remove, shutdown, or renew if it was found running with
     * another bundle than it would be started with now, which it then is; attributes {@code cutOff}, with labels of those who used
     * it, and {@code cutOffHolders}, with all of them as a JSON array, if it was disabled by force and somebody did.
     */
    STOP("stop"),
    /** A container outlived KILL or could not be removed; attribute {@code reason}. */
    STOP_FAILED("stop_failed"),
    /**
     * A plugin was not installed, or not upgraded, because not exactly what it asks for was granted; attribute
     * {@code reason}. A new one has a name, but no id.
     */
    PRIVILEGE_REFUSED("privilege_refused"),
    /** Content that no plugin needs was deleted; attributes {@code blobs}, {@code bytes}. Of the engine. */
    COLLECT("collect"),
    /** The engine was opened; attribute {@code version}, if that is known. Of the engine. */
    ENGINE_STARTED("engine_started"),
    /** The engine begins to close. Of the engine. */
    ENGINE_STOPPING("engine_stopping"),
    /**
     * The first round of restoring after the opening is over; attributes {@code plugins} (how many were wanted),
     * {@code running} (how many of them run). Of the engine.
     */
    RESTORED("restored"),
    /**
     * Root did something to plugins that authorization plugins did not let through, by the way out that the operator left
     * open; attributes {@code method}, {@code path}, {@code refusal} (why it would not have been let through),
     * {@code user}, {@code pid} (of the process that asked; empty if it is not known) and {@code request} (the request's name
     * in the log). Of the engine.
     */
    AUTHZ_BYPASSED("authz_bypassed"),
    /** A volume was made, or found with its driver; attributes {@code volume}, {@code driver}. Of the engine, as all of volumes. */
    VOLUME_CREATE("volume_create"),
    /**
     * A volume is mounted for somebody; attributes {@code volume}, {@code driver}, {@code mount} (the id of whoever has it),
     * {@code destination} (where it is on the host), {@code cause} (asked, or restart: it is again).
     */
    VOLUME_MOUNT("volume_mount"),
    /**
     * A volume is not mounted for somebody any more; attributes {@code volume}, {@code driver}, {@code mount}, {@code cause}
     * (asked, plugin gone, or plugin restarted).
     */
    VOLUME_UNMOUNT("volume_unmount"),
    /** A volume was removed; attributes {@code volume}, {@code driver}. */
    VOLUME_DESTROY("volume_destroy"),
    /** Volumes that nobody used were removed; attributes {@code volumes} (how many), {@code reclaimed} (0: drivers do not say). */
    VOLUME_PRUNE("volume_prune");

    /** What hosts tell of, and the engine does not know by itself. */
    public static final Set<EventType> OF_HOSTS = Set.of(AUTHZ_BYPASSED, VOLUME_CREATE, VOLUME_MOUNT,
            VOLUME_UNMOUNT, VOLUME_DESTROY, VOLUME_PRUNE);

    private static final Map<String, EventType> BY_WIRE_NAME = new HashMap<>();

    static {
        for (EventType type : values()) {
            BY_WIRE_NAME.put(type.wireName, type);
        }
    }

    private final String wireName;

    EventType(String wireName) {
        this.wireName = wireName;
    }

    /** As on the wire, and as Docker's {@code Action}. */
    public String wireName() {
        return wireName;
    }

    /** The type with this name on the wire. */
    public static Optional<EventType> of(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }
}
