package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes whatever there is of a container: what this process started, and what an earlier one left, also if it was
 * killed between any two steps of a start. Goes by the record in the bundle. Each step is content to find nothing.
 */
final class Remover {
    private static final Logger LOG = LoggerFactory.getLogger(Remover.class);

    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Cgroups cgroups;
    private final Unrecorded unrecorded;

    Remover(RuncExecutorConfig config, Layout layout, Cgroups cgroups, Unrecorded unrecorded) {
        this.config = config;
        this.layout = layout;
        this.cgroups = cgroups;
        this.unrecorded = unrecorded;
    }

    /** Whether there is anything that could be in the way of a start. */
    boolean leftovers(PluginId plugin) throws IOException {
        return exists(layout.bundle(plugin))
                || exists(layout.execDirectory(plugin))
                || exists(layout.exitFile(plugin))
                || config.runtimes()
                        .keySet()
                        .stream()
                        .anyMatch(runtime -> exists(layout.runtimeState(runtime, plugin)));
    }

    /** Whether there is anything that {@link #remove} would remove. */
    boolean hasSomething(PluginId plugin) throws IOException {
        return leftovers(plugin) || !unfinishedExits(plugin).isEmpty();
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The plugins of which there is a bundle, a runtime's state, or something in the folder of exit files. */
    List<PluginId> present() throws IOException {
        var places = new ArrayList<>(List.of(layout.bundles(), layout.exits()));
        config.runtimes().keySet().forEach(runtime -> places.add(layout.runtimeState(runtime)));
        var plugins = new LinkedHashSet<PluginId>();
        for (Path place : places) {
            plugins.addAll(PluginFolders.in(place)); // unfinished exit files have more behind the id
        }
        return List.copyOf(plugins);
    }

    /**
     * Removes a container and all that belongs to it but its log. Nobody else may start or remove it meanwhile.
     *
     * @param known what is known of it if there is no record any more
     */
    void remove(PluginId plugin, Optional<ContainerRecord> known)
            throws IOException, InterruptedException, TimeoutException {
        Path bundle = layout.bundle(plugin);
        Optional<ContainerRecord> record = ContainerRecord.read(bundle).or(() -> known);
        endOrphans(bundle, record);
        Optional<Path> plain = plainState(plugin, record);
        List<Refusal> refusals = plain.isPresent() ? List.of() : deleteFromRuntimes(plugin, bundle, record);
        if (record.isPresent()) {
            endProcesses(record.get());
            ContainerRecord.Places places = record.get().making().places();
            if (places.cgroupsPath().isPresent()) {
                unrecorded.remove(place(plugin, places.cgroupsPath().get(), record));
            }
            if (places.propagatedMount().isPresent()) {
                Mounts.detachAll(places.propagatedMount().get());
            }
        }
        if (plain.isPresent()) {
            FileTree.remove(plain.get());
        }
        for (Refusal refusal : refusals) {
            removeState(plugin, refusal, record);
        }
        FileTree.unmountAndRemove(layout.execDirectory(plugin));
        removeExitFiles(plugin);
        // The record goes last: until then a failed removal can be repeated.
        FileTree.remove(bundle);
    }

    /** The folder of a state with which its runtime would do nothing that is not done here anyway. */
    private Optional<Path> plainState(PluginId plugin, Optional<ContainerRecord> record) throws IOException {
        if (record.isEmpty() || !config.runtimes().containsKey(record.get().making().runtime())) {
            return Optional.empty();
        }
        Path state = layout.runtimeState(record.get().making().runtime(), plugin);
        return RuncState.isAllThereIs(state, record.get(), cgroups) ? Optional.of(state) : Optional.empty();
    }

    /** That a runtime would not delete a container, in its words. */
    private record Refusal(Path state, String words) {}

    // A state that was cut off, as by a power cut, can be read by nobody, and its runtime refuses it for ever. Nothing runs
    // any more that it could be needed for.
    private void removeState(PluginId plugin, Refusal refusal, Optional<ContainerRecord> record)
            throws IOException, InterruptedException {
        for (String group : cgroups.named(plugin.hex())) {
            unrecorded.remove(place(plugin, group, record));
        }
        LOG.warn("plugin {}: removing {}, which its runtime does not: {}", plugin, refusal.state(),
                refusal.words());
        FileTree.remove(refusal.state());
    }

    private static Unrecorded.Place place(PluginId plugin, String group, Optional<ContainerRecord> record) {
        return new Unrecorded.Place(plugin, group, record, Optional.empty());
    }

    // All plugins' files are looked through only where this one's was never written to its end.
    private void removeExitFiles(PluginId plugin) throws IOException {
        if (!Files.deleteIfExists(layout.exitFile(plugin))) {
            for (Path file : unfinishedExits(plugin)) {
                Files.deleteIfExists(file);
            }
        }
    }

    // A monitor that is killed while it writes leaves a file with a name of its own, as mkstemp(3) makes them.
    private List<Path> unfinishedExits(PluginId plugin) throws IOException {
        return Entries.in(layout.exits())
                .stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith(plugin.hex()))
                .toList();
    }

    private List<Refusal> deleteFromRuntimes(PluginId plugin, Path bundle, Optional<ContainerRecord> record)
            throws IOException, InterruptedException, TimeoutException {
        Optional<String> maker = record.map(it -> it.making().runtime());
        var refusals = new ArrayList<Refusal>();
        if (record.isPresent()) {
            unconfigured(record.get()).ifPresent(refusals::add);
        }
        for (String name : config.runtimes().keySet()) {
            boolean its = maker.map(name::equals).orElse(true);
            Path state = layout.runtimeState(name, plugin);
            if (!its || !exists(state)) {
                continue;
            }
            Files.createDirectories(bundle); // where the runtime writes its log
            var line = CommandLines.delete(config.runtime(name), layout.runtimeState(name), bundle, plugin);
            Processes.Outcome outcome = Processes.run(
                    config.runtime(name).path() + " delete", line, config.limits().delete());
            if (!outcome.succeeded() && exists(state)) {
                refusals.add(new Refusal(state,
                        RuntimeWords.readable(outcome.output()).orElse("exit code " + outcome.code())));
            }
        }
        return refusals;
    }

    // Another runtime cannot read its state, and without it nobody knows what it made, unless the machine forgot it too.
    private Optional<Refusal> unconfigured(ContainerRecord record) throws IOException {
        String maker = record.making().runtime();
        if (config.runtimes().containsKey(maker) || !RuncExecutorConfig.isName(maker)
                || !exists(layout.runtimeState(maker, record.plugin()))) {
            return Optional.empty();
        }
        if (record.isOfThisBoot()) {
            throw new IOException("it was made by the runtime '" + maker
                    + "', which is not configured any more: configure it again until the container is gone");
        }
        return Optional.of(new Refusal(layout.runtimeState(maker, record.plugin()),
                "the runtime '" + maker + "' is not configured any more"));
    }

    // Before anything is removed: what goes on with a start that was cut off could make it again.
    private void endOrphans(Path bundle, Optional<ContainerRecord> record)
            throws IOException, InterruptedException {
        boolean started = record.flatMap(ContainerRecord::life)
                .map(ContainerRecord.Life::started)
                .orElse(false);
        if (!started) {
            for (ProcessIdentity orphan : Orphans.of(bundle, CommandLines.programs(config))) {
                Orphans.kill(orphan, config.limits().kill());
            }
        }
    }

    // A monitor ends by itself when its container has, and is needed no more; the kill makes sure of it.
    private void endProcesses(ContainerRecord record) throws IOException, InterruptedException {
        if (record.isOfThisBoot()) {
            for (ProcessIdentity process : Stream
                    .concat(record.process().stream(), record.monitor().stream())
                    .toList()) {
                process.end(config.limits().kill());
            }
        }
    }
}
