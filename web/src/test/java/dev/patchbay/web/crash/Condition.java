package dev.patchbay.web.crash;

import java.util.Optional;

/** How a plugin is, as far as its users are concerned. */
sealed interface Condition {
    /** Not installed. */
    record Absent() implements Condition {}

    /**
     * Installed.
     *
     * @param previous what a rollback would bring back
     */
    record Present(Content content, Optional<Content> previous, boolean enabled) implements Condition {
        /** One that was just installed. */
        static Present fresh(String version) {
            return new Present(new Content(version, Content.AS_PUBLISHED), Optional.empty(), false);
        }

        Present enabled(boolean now) {
            return new Present(content, previous, now);
        }

        Present greeting(String greeting) {
            return new Present(new Content(content.version(), greeting), previous, enabled);
        }

        /** Settings are carried over, and the version before stays at hand. */
        Present upgraded(String version) {
            return new Present(new Content(version, content.greeting()), Optional.of(content), enabled);
        }

        Present rolledBack() {
            return new Present(previous.orElseThrow(), Optional.of(content), enabled);
        }
    }

    /** A version with its settings. */
    record Content(String version, String greeting) {
        static final String AS_PUBLISHED = "hello";
    }

    default boolean isEnabled() {
        return switch (this) {
            case Absent _ -> false;
            case Present present -> present.enabled();
        };
    }
}
