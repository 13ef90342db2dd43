package dev.patchbay.oci;

import dev.patchbay.plugin.PluginConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The devices of a plugin: the nodes it sees and the rules of the device cgroup.
 *
 * <p>The rules are read in order and the last that fits decides. The defaults end with a refusal of 10:229, which is
 * {@code /dev/fuse}; a plugin that asks for it only gets it because its own rule comes later.
 *
 * @param nodes the nodes, each path once
 */
record DevicePlan(List<DeviceNode> nodes) {

    private static final int FUSE_MAJOR = 10;
    private static final int FUSE_MINOR = 229;

    /** zero, null, urandom, random, tty, console. */
    private static final List<int[]> USUAL = List.of(new int[]{1, 5}, new int[]{1, 3}, new int[]{1, 9},
            new int[]{1, 8}, new int[]{5, 0}, new int[]{5, 1});

    /** Asks the host about each device. @throws InvalidSpecException if one has no path (D61) or is not there */
    static DevicePlan of(List<PluginConfig.Device> devices, HostFacts host) {
        Map<String, DeviceNode> nodes = new LinkedHashMap<>();
        for (PluginConfig.Device device : devices) {
            String path = device.path()
                    .filter(text -> text.startsWith("/") && text.indexOf('\0') < 0)
                    .orElseThrow(() -> new InvalidSpecException(
                            "device path is not specified: the device \"" + device.name()
                                    + "\" needs an absolute one"));
            host.devices(path).forEach(node -> nodes.putIfAbsent(node.path(), node));
        }
        return new DevicePlan(new ArrayList<>(nodes.values()));
    }

    ArrayNode nodesTree() {
        return Trees.list(nodes, node -> {
            ObjectNode tree = Trees.object();
            tree.put("path", node.path());
            tree.put("type", node.type().letter());
            tree.put("major", node.major());
            tree.put("minor", node.minor());
            tree.put("fileMode", node.mode());
            tree.put("uid", node.uid());
            tree.put("gid", node.gid());
            return tree;
        });
    }

    ArrayNode rulesTree(boolean allowAll) {
        ArrayNode rules = Trees.list(List.of(), _ -> Trees.object());
        rules.add(everything(allowAll));
        if (!allowAll) {
            USUAL.forEach(numbers -> rules.add(rule(true, "c", numbers[0], numbers[1])));
            rules.add(rule(false, "c", FUSE_MAJOR, FUSE_MINOR));
        }
        // A pipe is no device to the kernel, and runtimes refuse a rule about one.
        nodes.stream()
                .filter(node -> node.type() != DeviceNode.Type.FIFO)
                .forEach(node -> rules.add(rule(true, node.type().letter(), node.major(), node.minor())));
        return rules;
    }

    private static ObjectNode everything(boolean allow) {
        return Trees.object().put("allow", allow).put("access", "rwm");
    }

    private static ObjectNode rule(boolean allow, String type, long major, long minor) {
        return Trees.object()
                .put("allow", allow)
                .put("type", type)
                .put("major", major)
                .put("minor", minor)
                .put("access", "rwm");
    }
}
