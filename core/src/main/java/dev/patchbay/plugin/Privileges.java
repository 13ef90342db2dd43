package dev.patchbay.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which privileges a configuration asks for, and whether a grant covers exactly them.
 *
 * <p>Source of kinds, texts and order: moby, {@code daemon/pkg/plugin/backend_linux.go}, {@code computePrivileges}.
 */
public final class Privileges {

    /** The network types that need no consent: each means a network namespace without any connection. */
    private static final Set<String> HARMLESS_NETWORKS = Set.of("null", "bridge", "");

    private Privileges() {}

    /** The privileges a plugin asks for, in Docker's order. */
    public static List<Privilege> of(PluginConfig config) {
        var asked = new ArrayList<Privilege>();
        if (!HARMLESS_NETWORKS.contains(config.network().type())) {
            asked.add(one("network", "permissions to access a network", config.network().type()));
        }
        if (config.ipcHost()) {
            asked.add(one("host ipc namespace", "allow access to host ipc namespace", "true"));
        }
        if (config.pidHost()) {
            asked.add(one("host pid namespace", "allow access to host pid namespace", "true"));
        }
        config.mounts()
                .forEach(mount -> mount.source()
                        .ifPresent(source -> asked.add(one("mount", "host path to mount", source))));
        config.linux()
                .devices()
                .forEach(device -> device.path()
                        .ifPresent(path -> asked.add(one("device", "host device to access", path))));
        if (config.linux().allowAllDevices()) {
            asked.add(one("allow-all-devices", "allow 'rwm' access to all devices", "true"));
        }
        if (!config.linux().capabilities().isEmpty()) {
            asked.add(new Privilege("capabilities", "list of additional capabilities required",
                    config.linux().capabilities().items()));
        }
        return List.copyOf(asked);
    }

    /**
     * Whether what was granted is what is asked, no more and no less.
     *
     * <p>Both are compared as multisets of name and sorted values: every entry counts, the first one too (it did not
     * before Docker 29.4), and the order of entries with one name does not matter (it still does there; defect D48).
     */
    public static boolean matches(List<Privilege> asked, List<Privilege> granted) {
        return counts(asked).equals(counts(granted));
    }

    private static Map<Grant, Integer> counts(List<Privilege> privileges) {
        var counts = new HashMap<Grant, Integer>();
        privileges.forEach(p -> counts.merge(new Grant(p.name(), p.value().stream().sorted().toList()), 1,
                Integer::sum));
        return counts;
    }

    private static Privilege one(String name, String description, String value) {
        return new Privilege(name, description, List.of(value));
    }

    private record Grant(String name, List<String> sortedValues) {}
}
