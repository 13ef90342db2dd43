package dev.patchbay;

import dev.patchbay.plugin.Privilege;
import dev.patchbay.plugin.Privileges;
import java.util.List;

/** Which privileges a user consents to. */
public sealed interface Consent {
    /** Whether this is a consent to what a plugin asks for. */
    boolean covers(List<Privilege> asked);

    /**
     * To these, no more and no less.
     *
     * @param privileges those that the user was shown
     */
    record Exactly(List<Privilege> privileges) implements Consent {
        /** Copies. */
        public Exactly {
            privileges = List.copyOf(privileges);
        }

        @Override
        public boolean covers(List<Privilege> asked) {
            return Privileges.matches(asked, privileges);
        }
    }

    /** To whatever it is. */
    record Everything() implements Consent {
        @Override
        public boolean covers(List<Privilege> asked) {
            return true;
        }
    }
}
