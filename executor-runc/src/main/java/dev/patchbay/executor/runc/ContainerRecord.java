package dev.patchbay.executor.runc;

import dev.patchbay.json.JsonTrees;
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
 * What a later process needs to find a container again, in a file of its bundle. Written before anything is made, again
 * when the container exists, and again when it was started: whatever a killed daemon leaves can be found.
 *
 * @param plugin whose it is
 * @param generation the number of its start
 * @param making what it is made of
 * @param life its processes, once there are any
 */
record ContainerRecord(PluginId plugin, int generation, Making making, Optional<Life> life) {
    /**
     * What a container is made of.
     *
     * @param boot the start of the machine that it belongs to, see {@link ProcessIdentity#bootId}
     * @param runtime the name of its runtime
     * @param rootfs its root file system
     * @param places what it takes on the host
     * @param logStart where its output begins in the plugin's log
     */
    record Making(String boot, String runtime, Path rootfs, Places places, LogPlace logStart) {}

    /**
     * What a container takes on the host.
     *
     * @param propagatedMount the host side of its propagated mount
     * @param cgroupsPath where the spec puts it in each cgroup hierarchy
     */
    record Places(Optional<Path> propagatedMount, Optional<String> cgroupsPath) {}

    /**
     * The processes of a container.
     *
     * @param monitor its monitor; absent if that was dead when it was looked for
     * @param process its first process
     * @param started whether its start is known to have succeeded; if not, it may still be waiting for it
     */
    record Life(Optional<ProcessIdentity> monitor, ProcessIdentity process, boolean started) {}

    ContainerRecord with(Life newLife) {
        return new ContainerRecord(plugin, generation, making, Optional.of(newLife));
    }

    /** Whether it was made since the machine was started: a pid of before that may be anybody's now. */
    boolean isOfThisBoot() throws IOException {
        return making.boot().equals(ProcessIdentity.bootId());
    }

    Optional<ProcessIdentity> monitor() {
        return life.flatMap(Life::monitor);
    }

    Optional<ProcessIdentity> process() {
        return life.map(Life::process);
    }

    /** Writes the record so that a reader sees all of it or the one before. */
    void write(Path bundle) throws IOException {
        ObjectNode node = JsonTrees.object();
        node.put("plugin", plugin.hex()).put("generation", generation);
        node.put("boot", making.boot()).put("runtime", making.runtime());
        node.put("rootfs", making.rootfs().toString());
        node.put("logFile", making.logStart().file()).put("logOffset", making.logStart().offset());
        making.places().propagatedMount().ifPresent(path -> node.put("propagatedMount", path.toString()));
        making.places().cgroupsPath().ifPresent(path -> node.put("cgroupsPath", path));
        monitor().ifPresent(it -> node.put("conmonPid", it.pid()).put("conmonStartTicks", it.startTicks()));
        process().ifPresent(it -> node.put("pid", it.pid()).put("startTicks", it.startTicks()));
        node.put("started", life.map(Life::started).orElse(false));
        Path target = Layout.record(bundle);
        Path unfinished = target.resolveSibling("record.json.new");
        // No fsync: the file matters only as long as the processes live, and they do not outlive a power cut.
        Files.write(unfinished, JsonTrees.LENIENT.write(node));
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Reads the record of a bundle; empty if there is none or it is none of ours. */
    static Optional<ContainerRecord> read(Path bundle) throws IOException {
        try {
            JsonNode node = JsonTrees.LENIENT.read(Files.readAllBytes(Layout.record(bundle)));
            return PluginId.parse(node.path("plugin").asString(""))
                    .filter(_ -> node.path("generation").asInt(0) > 0)
                    .map(plugin -> new ContainerRecord(
                            plugin, node.path("generation").asInt(0), making(node), life(node)));
        } catch (NoSuchFileException | JacksonException | IllegalArgumentException _) {
            return Optional.empty(); // the last one: something that is no path
        }
    }

    private static Making making(JsonNode node) {
        return new Making(
                node.path("boot").asString(""),
                node.path("runtime").asString(""),
                Path.of(node.path("rootfs").asString("")),
                new Places(text(node, "propagatedMount").map(Path::of), text(node, "cgroupsPath")),
                new LogPlace(number(node, "logFile").orElse(0), number(node, "logOffset").orElse(0)));
    }

    private static Optional<Life> life(JsonNode node) {
        return process(node, "pid", "startTicks")
                .map(process -> new Life(
                        process(node, "conmonPid", "conmonStartTicks"),
                        process,
                        node.path("started").asBoolean(false)));
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
