package dev.patchbay.volume;

import dev.patchbay.volume.Mount.Step;

/**
 * What is to be done about a mount that nobody is at work on, by what can be seen of its plugin. Mounts end with the start of
 * the plugin in which they were made: whatever stops a container detaches all that it had mounted. So one that was made in the
 * start that runs is there, also if this process did not make it, and must be left alone.
 */
final class MountRules {
    /** What is to be done. */
    enum Next {
        /** It is as it should be, or that cannot be told now. */
        NOTHING,
        /** It is wanted and not there: the plugin is asked for it. */
        MOUNT,
        /** It is not wanted, and may be there: the plugin is told so. */
        UNMOUNT,
        /** It is not there, and never will be. */
        FORGET
    }

    private MountRules() {}

    static Next next(Mount mount, Seen plugin) {
        return switch (plugin) {
            case Seen.Gone _ -> Next.FORGET;
            case Seen.Away _ -> Next.NOTHING;
            case Seen.Runs(Start now, _) -> next(mount.step(), mount.start().equals(now));
        };
    }

    private static Next next(Step step, boolean sameStart) {
        return switch (step) {
            case MOUNTED -> sameStart ? Next.NOTHING : Next.MOUNT;
            // Nobody was told that it is there.
            case ASKED, LEAVING -> sameStart ? Next.UNMOUNT : Next.FORGET;
        };
    }
}
