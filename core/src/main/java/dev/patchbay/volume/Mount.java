package dev.patchbay.volume;

/**
 * That somebody has a volume mounted, or wants to.
 *
 * @param id whose it is
 * @param step how far it is; on disk before the plugin is asked
 * @param start the plugin's that was asked: mounts end with it
 * @param mountpoint where the plugin says that the volume is, as the plugin sees it; empty until it has said so
 * @param path the same as the host sees it, for people and callers: whoever acts on it looks again; empty until then, too
 */
record Mount(String id, Step step, Start start, String mountpoint, String path) {
    /** One that the plugin is about to be asked for. */
    static Mount asked(String id, Start start) {
        return new Mount(id, Step.ASKED, start, "", "");
    }

    /** How far a mount is. */
    enum Step {
        /** The plugin is being asked for it. Whoever wanted it has not heard of success, and will not if we die now. */
        ASKED,
        /** Somebody was told that it is there. Until they take it back it is to be there. */
        MOUNTED,
        /** Its owner does not want it any more, and the plugin is being told so. */
        LEAVING
    }

    /** Whether it was there, and its owner may have heard of that: only then it has a place. */
    boolean wasThere() {
        return !path.isEmpty();
    }

    Mount at(Step other) {
        return new Mount(id, other, start, mountpoint, path);
    }
}
