package dev.patchbay.web.daemon;

import dev.patchbay.legacy.LegacyFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user says about Docker's legacy plugins.
 *
 * @param wanted whether they are looked for
 * @param sockets where, instead of where Docker does
 * @param specs where, instead of where Docker does; as there if it is empty
 */
record Legacy(boolean wanted, Optional<Path> sockets, List<Path> specs) {
    /** Copies. */
    Legacy {
        specs = List.copyOf(specs);
    }

    /** Judges what was given. @throws UsageException for the first thing that is wrong */
    static Legacy of(Given given, Optional<Path> sockets, List<Path> specs) {
        boolean wanted = !given.isOn(Setting.NO_LEGACY_PLUGINS);
        if (!wanted && (sockets.isPresent() || !specs.isEmpty())) {
            throw UsageException.configuration(Setting.NO_LEGACY_PLUGINS.flag()
                    + " stands against folders for legacy plugins; remove one of them");
        }
        var legacy = new Legacy(wanted, sockets, specs);
        try {
            var _ = legacy.folders(Map.of());
        } catch (IllegalArgumentException e) {
            throw UsageException.configuration("the folders for legacy plugins are wrong: " + e.getMessage());
        }
        return legacy;
    }

    /** Where they are looked for; empty: nowhere. */
    Optional<LegacyFolders> folders(Map<String, String> environment) {
        if (!wanted) {
            return Optional.empty();
        }
        LegacyFolders docker = LegacyFolders.docker(environment);
        return Optional.of(new LegacyFolders(sockets.orElse(docker.sockets()),
                specs.isEmpty() ? docker.descriptions() : specs));
    }
}
