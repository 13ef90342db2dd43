package dev.patchbay.engine;

import dev.patchbay.Consent;
import dev.patchbay.PrivilegesException;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.plugin.Privileges;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Compares what a user consented to with what the fetched configuration asks for. */
final class ConsentCheck {
    /** How many privileges a message names of each kind. */
    private static final int SHOWN = 8;

    /** How many characters a message has for the values of one privilege. */
    private static final int SHOWN_CHARS = 120;

    private ConsentCheck() {}

    /** Makes sure that a consent is one. @throws PrivilegesException if it is not */
    static void require(PluginConfig config, Consent consent) {
        List<Privilege> asked = Privileges.of(config);
        if (!consent.covers(asked)) {
            throw new PrivilegesException(asked, message(asked, consent));
        }
    }

    private static String message(List<Privilege> asked, Consent consent) {
        return switch (consent) {
            case Consent.Everything() -> throw new IllegalStateException("everything covers everything");
            case Consent.Exactly(List<Privilege> granted) -> "incorrect privileges: the plugin asks for "
                    + list(asked)
                    + difference("; not granted: ", asked, granted)
                    + difference("; granted without being asked for: ", granted, asked);
        };
    }

    private static String difference(String title, List<Privilege> these, List<Privilege> others) {
        List<Privilege> left = new ArrayList<>(these);
        others.forEach(other -> left.stream()
                .filter(one -> Privileges.matches(List.of(one), List.of(other)))
                .findFirst()
                .ifPresent(left::remove));
        return left.isEmpty() ? "" : title + list(left);
    }

    private static String list(List<Privilege> privileges) {
        if (privileges.isEmpty()) {
            return "nothing";
        }
        String shown = privileges.stream()
                .limit(SHOWN)
                .map(ConsentCheck::one)
                .collect(Collectors.joining(", "));
        int more = privileges.size() - SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private static String one(Privilege privilege) {
        String values = String.join(" ", privilege.value());
        return privilege.name() + " [" + (values.length() > SHOWN_CHARS
                ? values.substring(0, SHOWN_CHARS) + "…"
                : values) + "]";
    }
}
