package dev.patchbay.plugin;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for everything in a configuration but its lists of settings. */
final class ConfigRules {

    private static final Pattern TYPE_PREFIX = Pattern.compile("[A-Za-z0-9_.-]*+");
    private static final Pattern TYPE_CAPABILITY = Pattern.compile("[A-Za-z0-9_-]++");
    private static final Pattern TYPE_VERSION = Pattern.compile("[A-Za-z0-9_./+-]*+");
    private static final Set<String> NETWORKS = Set.of("", "host", "none", "null", "bridge");

    private ConfigRules() {}

    static void check(PluginConfig config, Findings findings) {
        entrypoint(config.entrypoint(), findings);
        api(config.api(), findings);
        if (!config.workDir().isEmpty()) {
            findings.absolute("workDir", config.workDir());
        }
        propagatedMount(config.propagatedMount(), findings);
        capabilities(config.linux().capabilities(), findings);
        network(config.network().type(), findings);
    }

    private static void entrypoint(Slice<String> entrypoint, Findings findings) {
        if (entrypoint.isEmpty()) {
            findings.error("entrypoint", "must name the program to start");
        } else if (entrypoint.items().getFirst().isEmpty()) {
            findings.error("entrypoint[0]", "must name the program to start, but is empty");
        }
        findings.noZeroBytes("entrypoint", entrypoint);
    }

    private static void api(PluginConfig.Interface api, Findings findings) {
        String socket = api.socket();
        if (socket.indexOf('/') >= 0 || socket.equals(".") || socket.equals("..")
                || socket.indexOf('\0') >= 0) {
            findings.error("interface.socket", "must be a plain file name"); // D53: it must not lead out of its folder
        } else if (socket.isEmpty() && !api.types().isEmpty()) {
            findings.error("interface.socket",
                    "must be given, since interface.types says there is something to call");
        }
        int index = 0;
        for (InterfaceType type : api.types()) {
            String field = "interface.types[" + index++ + "]";
            type(field, type, findings);
        }
        if (!api.speaksHttp()) {
            findings.warn("interface.protocolScheme", "only " + PluginConfig.Interface.HTTP_V1
                    + " is spoken here: the plugin will run, but nothing will call it");
        }
    }

    private static void type(String field, InterfaceType type, Findings findings) {
        boolean wellFormed = TYPE_PREFIX.matcher(type.prefix()).matches()
                && TYPE_CAPABILITY.matcher(type.capability()).matches()
                && TYPE_VERSION.matcher(type.version()).matches();
        if (!wellFormed) {
            findings.error(field, "must have the form prefix.capability/version");
        } else if (type.prefix().equals(InterfaceType.DOCKER) && !type.provides(type.capability())) {
            findings.warn(field, "Docker's interfaces have version 1.0: no subsystem will use this one");
        }
    }

    private static void propagatedMount(String path, Findings findings) {
        if (path.isEmpty()) {
            return;
        }
        findings.absolute("propagatedMount", path);
        // D39: with ".." in it, paths derived from it would leave the plugin's own folder.
        if (Arrays.asList(path.split("/")).contains("..")) {
            findings.error("propagatedMount", "must not contain \"..\"");
        }
        if (path.chars().allMatch(c -> c == '/')) {
            findings.error("propagatedMount", "must be a folder below the root");
        }
    }

    private static void capabilities(Slice<String> capabilities, Findings findings) {
        int index = 0;
        for (String name : capabilities) {
            String field = "linux.capabilities[" + index++ + "]";
            if (!Capabilities.isWellFormed(name)) {
                findings.error(field, "must have the form CAP_SYS_ADMIN");
            } else if (!Capabilities.isKnown(name)) {
                findings.warn(field, "is no capability that we know: runtimes leave it out");
            }
        }
    }

    // D66: the words promise more than any engine ever did.
    private static void network(String type, Findings findings) {
        findings.noZeroByte("network.type", type);
        if (type.equals("bridge")) {
            findings.warn("network.type", "bridge gives a network namespace with only the loopback device;"
                    + " no bridge is attached");
        } else if (type.equals("none")) {
            findings.warn("network.type",
                    "none isolates the network, yet users must grant the network privilege;"
                            + " an empty type isolates without it");
        } else if (!NETWORKS.contains(type)) {
            findings.warn("network.type",
                    "is not one of host, none, bridge and null: it isolates the network like none");
        }
    }
}
