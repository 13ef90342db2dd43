package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Removes whatever there is of a container: what this process started, and what an earlier one left, also if it was
 * killed between any two steps of a start. Goes by the record in the bundle. Each step is content to find nothing.
 */
final class Remover {
    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Cgroups cgroups;

    Remover(RuncExecutorConfig config, Layout layout, Cgroups cgroups) {
        this.config = config;
        this.layout = layout;
        this.cgroups = cgroups;
    }

    /** Whether there is anything that {@link #remove} would remove. */
    boolean leftovers(PluginId plugin) {
        return Files.exists(layout.bundle(plugin), LinkOption.NOFOLLOW_LINKS)
                || Files.exists(layout.execDirectory(plugin), LinkOption.NOFOLLOW_LINKS)
                || Files.exists(layout.exitFile(plugin), LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes a container and all that belongs to it but its log. Nobody else may start or remove it meanwhile. */
    void remove(PluginId plugin) throws IOException, InterruptedException, TimeoutException {
        Path bundle = layout.bundle(plugin);
        Optional<ContainerRecord> record = ContainerRecord.read(bundle);
        deleteFromRuntime(plugin, bundle, record);
        if (record.isPresent()) {
            end(record.get().process());
            end(record.get().monitor());
            if (record.get().cgroupsPath().isPresent()) {
                cgroups.remove(record.get().cgroupsPath().get(), config.limits().delete());
            }
            if (record.get().propagatedMount().isPresent()) {
                Mounts.detachAll(record.get().propagatedMount().get());
            }
        }
        FileTree.unmountAndRemove(layout.execDirectory(plugin));
        Files.deleteIfExists(layout.exitFile(plugin));
        // The record goes last: until then a failed removal can be repeated.
        FileTree.remove(bundle);
    }

    private void deleteFromRuntime(PluginId plugin, Path bundle, Optional<ContainerRecord> record)
            throws IOException, InterruptedException, TimeoutException {
        for (String name : config.runtimes().keySet()) {
            boolean its = record.map(it -> it.runtime().equals(name)).orElse(true);
            Path state = layout.runtimeState(name, plugin);
            if (!its || !Files.exists(state, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            var line = CommandLines.delete(config.runtime(name), layout.runtimeState(name), bundle, plugin);
            Processes.Outcome outcome = Processes.run(line, config.limits().delete());
            if (!outcome.succeeded() && Files.exists(state, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(name + " cannot delete it: "
                        + RuntimeWords.readable(outcome.output()).orElse("exit code " + outcome.code()));
            }
        }
    }

    private void end(Optional<ProcessIdentity> process) throws IOException, InterruptedException {
        if (process.isEmpty() || !process.get().alive()) {
            return;
        }
        // A monitor ends by itself when its container has, and is needed no more; the kill makes sure of it.
        if (!process.get().awaitEnd(config.limits().kill().dividedBy(10))) {
            process.get().signal(Signal.KILL);
            if (!process.get().awaitEnd(config.limits().kill())) {
                throw new IOException(
                        "process " + process.get().pid() + " does not end, not even by SIGKILL");
            }
        }
    }
}
