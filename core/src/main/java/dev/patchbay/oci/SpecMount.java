package dev.patchbay.oci;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One mount of a container.
 *
 * @param destination the path inside
 * @param type the file system, or {@code bind}
 * @param source what is mounted
 * @param options as mount(8) and the runtime know them
 */
record SpecMount(String destination, String type, String source, List<String> options) {

    static SpecMount bind(String destination, String source, String... options) {
        return new SpecMount(destination, "bind", source, List.of(options));
    }

    boolean isBind() {
        return type.equals("bind") || options.contains("bind") || options.contains("rbind");
    }

    ObjectNode tree() {
        ObjectNode tree = Trees.object();
        tree.put("destination", destination);
        tree.put("type", type);
        tree.put("source", source);
        if (!options.isEmpty()) {
            tree.set("options", Trees.strings(options));
        }
        return tree;
    }
}
