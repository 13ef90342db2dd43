package dev.patchbay.oci;

import dev.patchbay.plugin.GoJson;
import dev.patchbay.plugin.InstalledPlugin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OCI runtime spec of one plugin.
 *
 * @param json the document, for the bundle's {@code config.json}; holds the environment, so it is never logged
 * @param bindSources the host paths it shows inside and that must exist before the start; without exec directory and
 *     propagated mount, which the executor makes
 */
public record RuntimeSpec(String json, List<Path> bindSources) {

    /** Where a plugin finds its exec directory, and puts its socket. Docker's path, compiled into plugins. */
    public static final String EXEC_MOUNT = "/run/docker/plugins";

    /** Copies. */
    public RuntimeSpec {
        bindSources = List.copyOf(bindSources);
    }

    /**
     * Describes the container of a plugin. Equal arguments give an equal spec, and none is changed (in moby the lists of
     * the configuration itself are appended to, D63).
     *
     * @param host asked about devices, so this call may block
     * @throws InvalidSpecException if a mount has no source or a device cannot be used; nothing was done then
     */
    public static RuntimeSpec of(InstalledPlugin plugin, PluginPaths paths, SpecOptions options,
            HostFacts host) {
        List<SpecMount> mounts = MountPlan.of(plugin.config(), plugin.settings(), paths,
                options.metricsFolder());
        var document = new SpecDocument(plugin, options, host);
        String json = new String(document.write(paths.rootfs(), mounts), StandardCharsets.UTF_8);
        return new RuntimeSpec(json, sources(mounts, paths));
    }

    private static List<Path> sources(List<SpecMount> mounts, PluginPaths paths) {
        return mounts.stream()
                .filter(SpecMount::isBind)
                .map(mount -> Path.of(mount.source()))
                .filter(source -> !source.equals(paths.execDirectory())
                        && !source.equals(paths.propagatedMount()))
                .distinct()
                .toList();
    }

    /** With one more thing of the host shown inside. */
    public RuntimeSpec withBind(String source, String destination, String... options) {
        var mount = SpecMount.bind(destination, source, options);
        List<Path> sources = Stream.concat(bindSources.stream(), Stream.of(Path.of(source)))
                .distinct()
                .toList();
        return new RuntimeSpec(changed(tree -> tree.withArray("/mounts").add(mount.tree())).json, sources);
    }

    /** With a variable in its environment, in place of any of the same name. */
    public RuntimeSpec withVariable(String name, String value) {
        return changed(tree -> {
            ArrayNode variables = tree.withArray("/process/env");
            List<String> others = variables.valueStream()
                    .map(JsonNode::stringValue)
                    .filter(variable -> !variable.startsWith(name + "="))
                    .toList();
            variables.removeAll();
            others.forEach(variables::add);
            variables.add(name + "=" + value);
        });
    }

    /**
     * With any other change to the document.
     *
     * @param change to a copy of it
     */
    public RuntimeSpec changed(Consumer<ObjectNode> change) {
        var tree = (ObjectNode) GoJson.read(json.getBytes(StandardCharsets.UTF_8));
        change.accept(tree);
        return new RuntimeSpec(new String(GoJson.PLAIN.write(tree), StandardCharsets.UTF_8), bindSources);
    }

    /** Without the document: it carries the plugin's environment, secrets included. */
    @Override
    public String toString() {
        return "RuntimeSpec[bindSources=" + bindSources + "]";
    }
}
