package dev.patchbay.volume;

import java.nio.file.Path;
import java.util.Optional;

/**
 * That somebody has a volume mounted.
 *
 * @param id whose it is
 * @param state whether it is there
 * @param path where it is, or was last, on the host
 */
public record VolumeMount(String id, State state, Optional<Path> path) {
    /** Whether a mount is there. */
    public enum State {
        /** It is. */
        MOUNTED("mounted"),
        /** It is wanted, and will be when its plugin runs again and does it. */
        WAITING("waiting"),
        /** It is not wanted any more, and may still be there. */
        UNMOUNTING("unmounting");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** As shown to users. */
        public String label() {
            return label;
        }
    }
}
