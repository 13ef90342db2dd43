package dev.patchbay.authz;

/** What comes of asking. Only one of them lets a request, or an answer, through. */
public sealed interface Verdict {
    /** Nobody is against it. */
    record Allowed() implements Verdict {}

    /**
     * A plugin is against it.
     *
     * @param plugin its name
     * @param message its own words, which may be none
     */
    record Denied(String plugin, String message) implements Verdict {
        /** For the person who asked; Docker's words. */
        public String sentence() {
            return "authorization denied by plugin " + plugin + ": " + message;
        }
    }

    /**
     * A plugin gave no answer that could be used, which lets nothing through either.
     *
     * @param plugin its name
     * @param reason what was called and what came of it
     * @param cure whether asking again may help
     */
    record Failed(String plugin, String reason, Cure cure) implements Verdict {
        /** For the person who asked; Docker's words. */
        public String sentence() {
            return "plugin " + plugin + " failed with error: " + reason;
        }
    }

    /** Nobody could be asked, for a reason that is none of a plugin's: nothing is let through. */
    record NotAsked(Throwable failure) implements Verdict {}

    /** What helps against a failure. */
    enum Cure {
        /** A moment later it may be over: the plugin does not run right now, or has too much to do. */
        TIME,
        /** Somebody must look at the plugin. */
        REPAIR
    }
}
