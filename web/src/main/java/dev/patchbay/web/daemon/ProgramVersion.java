package dev.patchbay.web.daemon;

import java.util.Optional;

/** Which Patchbay this is. */
final class ProgramVersion {
    private ProgramVersion() {}

    /** One line with the versions of Patchbay and Java. */
    static String text() {
        return "patchbay " + patchbay() + " (Java " + Runtime.version() + ")";
    }

    /** The version in the jar's manifest; without a jar there is none. */
    static String patchbay() {
        return Optional.ofNullable(ProgramVersion.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
    }
}
