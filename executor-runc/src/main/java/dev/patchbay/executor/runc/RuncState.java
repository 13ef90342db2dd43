package dev.patchbay.executor.runc;

import dev.patchbay.json.JsonTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What runc keeps of a container, read for one question: is there more to its removal than its control group and this
 * folder? {@code runc delete} takes longer to be started than to do that (libcontainer, {@code destroy} in
 * {@code state_linux.go}, 1.0 to 1.3), and each plugin that stops waits for it. Whatever is not known for certain, such as
 * hooks that a wrapper of runc added, another runtime's state, or one that a crash cut off, is left to the runtime.
 */
final class RuncState {
    private static final String FILE = "state.json";
    private static final int MAX_BYTES = 1 << 20;

    private RuncState() {}

    /**
     * Whether all that there is of a container that has ended is its control group and the folder of its state.
     *
     * @param folder where the runtime that made it keeps its state
     */
    static boolean isAllThereIs(Path folder, ContainerRecord record, Cgroups cgroups) throws IOException {
        Optional<String> group = record.making().places().cgroupsPath();
        Optional<ProcessIdentity> process = record.process();
        if (group.isEmpty() || process.isEmpty() || !record.isOfThisBoot() || process.get().alive()) {
            return false;
        }
        return read(folder)
                .filter(state -> isOf(state, record, process.get()))
                .filter(state -> isIn(state.path("cgroup_paths"), cgroups.places(group.get())))
                .filter(RuncState::isPlain)
                .isPresent();
    }

    private static Optional<JsonNode> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Entries.in(folder).equals(List.of(file))
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Files.size(file) > MAX_BYTES
                    ? Optional.empty()
                    : Optional.of(JsonTrees.LENIENT.read(Files.readAllBytes(file)));
        } catch (NoSuchFileException | JacksonException _) {
            return Optional.empty();
        }
    }

    private static boolean isOf(JsonNode state, ContainerRecord record, ProcessIdentity process) {
        return state.path("id").asString("").equals(record.plugin().hex())
                && state.path("init_process_pid").asLong(0) == process.pid()
                && state.path("init_process_start").asLong(0) == process.startTicks();
    }

    private static boolean isIn(JsonNode groups, List<String> places) {
        return groups.isObject()
                && groups.valueStream().allMatch(it -> places.contains(it.asString("")));
    }

    /** Without hooks for its end, and without what else runc would have to take back. */
    private static boolean isPlain(JsonNode state) {
        JsonNode hooks = state.path("config").path("Hooks");
        JsonNode afterwards = hooks.path("poststop");
        return state.path("config").isObject()
                && (afterwards.isMissingNode() || afterwards.isEmpty())
                && state.path("intel_rdt_path").asString("").isEmpty()
                && !state.path("rootless").asBoolean(true);
    }
}
