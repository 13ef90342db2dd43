package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a later process needs to find a container again, in a file of its bundle. Written before anything is made, and
 * again when the container exists: whatever a killed daemon leaves can be found.
 *
 * @param plugin whose it is
 * @param generation the number of its start
 * @param runtime the name of its runtime
 * @param propagatedMount the host side of its propagated mount
 * @param cgroupsPath where the spec puts it in each cgroup hierarchy
 * @param monitor its monitor, once there is one
 * @param process its first process, once there is one
 */
record ContainerRecord(
        PluginId plugin,
        int generation,
        String runtime,
        Optional<Path> propagatedMount,
        Optional<String> cgroupsPath,
        Optional<ProcessIdentity> monitor,
        Optional<ProcessIdentity> process) {

    ContainerRecord with(Optional<ProcessIdentity> newMonitor, Optional<ProcessIdentity> newProcess) {
        return new ContainerRecord(
                plugin, generation, runtime, propagatedMount, cgroupsPath, newMonitor, newProcess);
    }

    /** Writes the record so that a reader sees all of it or the one before. */
    void write(Path bundle) throws IOException {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("plugin", plugin.hex()).put("generation", generation).put("runtime", runtime);
        propagatedMount.ifPresent(path -> node.put("propagatedMount", path.toString()));
        cgroupsPath.ifPresent(path -> node.put("cgroupsPath", path));
        monitor.ifPresent(it -> node.put("conmonPid", it.pid()).put("conmonStartTicks", it.startTicks()));
        process.ifPresent(it -> node.put("pid", it.pid()).put("startTicks", it.startTicks()));
        Path target = Layout.record(bundle);
        Path unfinished = target.resolveSibling("record.json.new");
        // No fsync: the file matters only as long as the processes live, and they do not outlive a power cut.
        Files.write(unfinished, Json.MAPPER.writeValueAsBytes(node));
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Reads the record of a bundle; empty if there is none or it is none of ours. */
    static Optional<ContainerRecord> read(Path bundle) throws IOException {
        try {
            JsonNode node = Json.MAPPER.readTree(Files.readAllBytes(Layout.record(bundle)));
            return PluginId.parse(node.path("plugin").asString(""))
                    .map(plugin -> new ContainerRecord(
                            plugin,
                            node.path("generation").asInt(1),
                            node.path("runtime").asString(""),
                            text(node, "propagatedMount").map(Path::of),
                            text(node, "cgroupsPath"),
                            process(node, "conmonPid", "conmonStartTicks"),
                            process(node, "pid", "startTicks")));
        } catch (NoSuchFileException | JacksonException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode node, String key) {
        return Optional.of(node.path(key)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    private static Optional<ProcessIdentity> process(JsonNode node, String pidKey, String ticksKey) {
        OptionalLong pid = number(node, pidKey);
        OptionalLong ticks = number(node, ticksKey);
        return pid.isPresent() && ticks.isPresent()
                ? Optional.of(new ProcessIdentity(pid.getAsLong(), ticks.getAsLong()))
                : Optional.empty();
    }

    private static OptionalLong number(JsonNode node, String key) {
        return node.path(key).canConvertToLong()
                ? OptionalLong.of(node.path(key).longValue())
                : OptionalLong.empty();
    }
}
