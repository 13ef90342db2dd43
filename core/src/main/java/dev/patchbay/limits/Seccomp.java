package dev.patchbay.limits;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Which system calls a plugin may make. */
public sealed interface Seccomp {
    /** All of them, as Docker's plugins may. */
    record Unconfined() implements Seccomp {}

    /** Those of Docker's default profile for containers, with what the plugin's capabilities are good for. */
    record Builtin() implements Seccomp {}

    /**
     * Those of a profile of the operator's.
     *
     * @param json the profile, in the form of Docker's: see {@link SeccompProfile#read}
     */
    record Custom(String json) implements Seccomp {
        /** Checks the profile. @throws IllegalArgumentException if it cannot be honoured in every detail */
        public Custom {
            SeccompProfile.read(json.getBytes(StandardCharsets.UTF_8));
        }

        /** Without the profile, which is long. */
        @Override
        public String toString() {
            return "Custom[" + Integer.toHexString(Arrays.hashCode(json.getBytes(StandardCharsets.UTF_8)))
                    + "]";
        }
    }

    /** As shown to people: {@code unconfined}, {@code builtin} or {@code custom}. */
    default String label() {
        return switch (this) {
            case Unconfined _ -> "unconfined";
            case Builtin _ -> "builtin";
            case Custom _ -> "custom";
        };
    }
}
