package dev.patchbay.web.crash;

import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What plugins of one daemon have left on this machine: processes, control groups, mounts, files. For one thread. */
final class Traces {
    private static final Set<String> ROOT = Set.of("daemon.lock", "patchbay.lock", "storage", "tmp",
            "events.db",
            "events.db-wal", "events.db-shm");
    private static final Set<String> HOME = Set.of("config.json", "patchbay.json", "rootfs",
            "propagated-mount",
            "previous");
    private static final Set<String> VERSION = Set.of("config.json", "rootfs");
    private static final String PLUGIN = "[0-9a-f]{64}";

    private final Path folder;
    private final Path root;
    private final Path execRoot;

    /** Plugins that there ever were: what is left of one is found by its id. */
    private final Set<String> ids = new HashSet<>();

    Traces(Path folder) {
        this.folder = folder;
        root = folder.resolve("r");
        execRoot = folder.resolve("x");
    }

    /** What is there and belongs to no plugin, or to one that does not run. */
    List<String> strays(Collection<Observation> plugins) throws IOException {
        Set<String> installed = plugins.stream().map(Observation::id).collect(Collectors.toSet());
        Set<String> running = plugins.stream()
                .filter(Observation::enabled)
                .map(Observation::id)
                .collect(Collectors.toSet());
        learn();
        ids.addAll(installed);
        List<String> strays = new ArrayList<>(strayProcesses(running));
        strays.addAll(strayGroups(running));
        strays.addAll(strayMounts(running));
        strays.addAll(strayExecFiles(installed, running));
        strays.addAll(strayFiles(installed));
        return strays;
    }

    /** Learns of the plugins that there are. To be called before what leads to them is gone. */
    void learn() throws IOException {
        for (Path place : List.of(root, execRoot, execRoot.resolve(".patchbay/c"))) {
            names(place).stream().filter(name -> name.matches(PLUGIN)).forEach(ids::add);
        }
    }

    /** Processes of plugins and their monitors. */
    List<LiveProcess> processes() throws IOException {
        return LiveProcess.all()
                .stream()
                .filter(process -> isMonitor(process)
                        || ids.stream().anyMatch(process.controlGroups()::contains))
                .toList();
    }

    private boolean isMonitor(LiveProcess process) {
        return process.command().contains(execRoot + "/") && process.command().contains("conmon");
    }

    /** Two for each plugin that runs, the monitor and the one process of the sample plugin, and no other. */
    private List<String> strayProcesses(Set<String> running) throws IOException {
        List<LiveProcess> processes = processes();
        List<String> strays = new ArrayList<>(processes.stream()
                .filter(process -> running.stream().noneMatch(id -> belongs(process, id)))
                .map(process -> "process " + process)
                .toList());
        for (String id : running) {
            long count = processes.stream().filter(process -> belongs(process, id)).count();
            if (count != 2) {
                strays.add(count + " processes of " + id + ", not a monitor and a plugin");
            }
        }
        return strays;
    }

    private static boolean belongs(LiveProcess process, String id) {
        return process.command().contains(id) || process.controlGroups().contains(id);
    }

    private List<String> strayGroups(Set<String> running) throws IOException {
        return groups().stream()
                .filter(group -> running.stream().noneMatch(group.toString()::contains))
                .map(group -> "control group " + group)
                .toList();
    }

    private List<Path> groups() throws IOException {
        List<Path> groups = new ArrayList<>();
        for (MountEntry mount : MountTable.read().entries()) {
            if (mount.type().startsWith("cgroup")) {
                Path parent = mount.mountPoint().resolve("patchbay");
                names(parent).stream().filter(ids::contains).map(parent::resolve).forEach(groups::add);
            }
        }
        return groups;
    }

    private List<String> strayMounts(Set<String> running) throws IOException {
        return MountTable.read()
                .atOrBelow(folder)
                .stream()
                .map(mount -> mount.mountPoint().toString())
                .filter(place -> running.stream().noneMatch(place::contains))
                .map(place -> "mount " + place)
                .toList();
    }

    private List<String> strayExecFiles(Set<String> installed, Set<String> running) throws IOException {
        List<String> strays = others(execRoot,
                join(running, Set.of(".patchbay", "daemon.lock", "metrics")));
        Path state = execRoot.resolve(".patchbay");
        strays.addAll(others(state, Set.of("c", "exits", "lock", "r", "logs")));
        strays.addAll(others(state.resolve("c"), running));
        strays.addAll(others(state.resolve("exits"), running));
        strays.addAll(others(state.resolve("logs"), installed));
        for (String runtime : names(state.resolve("r"))) {
            strays.addAll(others(state.resolve("r").resolve(runtime), running));
        }
        return strays;
    }

    private List<String> strayFiles(Set<String> installed) throws IOException {
        List<String> strays = others(root, join(installed, ROOT));
        strays.addAll(others(root.resolve("tmp"), Set.of()));
        strays.addAll(others(root.resolve("storage/ingest"), Set.of()));
        for (String id : installed) {
            strays.addAll(others(root.resolve(id), HOME));
            strays.addAll(others(root.resolve(id).resolve("previous"), VERSION));
        }
        return strays;
    }

    private static Set<String> join(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private static List<String> others(Path place, Set<String> expected) throws IOException {
        return names(place).stream()
                .filter(name -> !expected.contains(name))
                .map(name -> "file " + place.resolve(name))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static List<String> names(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(place)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** Does to plugins what a reboot does: ends their processes, and takes all but the root away. */
    void reboot() throws IOException {
        learn();
        sweep();
        TreeDeletion.delete(execRoot);
    }

    /** Ends and unmounts what is there, wanted or not. */
    void sweep() throws IOException {
        // Monitors last: a process whose monitor dies first is only harder to find.
        List<LiveProcess> found = processes();
        found.stream().filter(process -> !isMonitor(process)).forEach(LiveProcess::kill);
        found.forEach(LiveProcess::kill);
        Wait.until("processes have ended", () -> processes().isEmpty());
        for (Path group : groups()) {
            Wait.until(group + " is gone", () -> group.toFile().delete() || !Files.exists(group));
        }
        Mounts.unmountBelow(folder);
    }
}
