package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;

/**
 * Where things lie. Below the exec root, each plugin's exec directory is the folder of its id; everything of ours is in
 * {@value #STATE} beside them, short enough that the monitor's sockets fit the kernel's limit.
 */
record Layout(Path execRoot, Path logRoot) {
    static final String STATE = ".patchbay";

    Path state() {
        return execRoot.resolve(STATE);
    }

    Path execDirectory(PluginId plugin) {
        return execRoot.resolve(plugin.hex());
    }

    /** Folder that holds a bundle for each container. */
    Path bundles() {
        return state().resolve("c");
    }

    /** What is locked by the one that keeps containers here. */
    Path lock() {
        return state().resolve("lock");
    }

    /** The container's bundle: spec, monitor files, record. It is the monitor's persist and working directory too. */
    Path bundle(PluginId plugin) {
        return bundles().resolve(plugin.hex());
    }

    /** Folder in which monitors leave exit codes. */
    Path exits() {
        return state().resolve("exits");
    }

    Path exitFile(PluginId plugin) {
        return exits().resolve(plugin.hex());
    }

    /** The state folder of one runtime; two runtimes cannot read each other's. */
    Path runtimeState(String runtime) {
        return state().resolve("r").resolve(runtime);
    }

    Path runtimeState(String runtime, PluginId plugin) {
        return runtimeState(runtime).resolve(plugin.hex());
    }

    Path logs(PluginId plugin) {
        return logRoot.resolve(plugin.hex());
    }

    static Path spec(Path bundle) {
        return bundle.resolve("config.json");
    }

    static Path record(Path bundle) {
        return bundle.resolve("record.json");
    }

    static Path pidFile(Path bundle) {
        return bundle.resolve("container.pid");
    }

    static Path runtimeLog(Path bundle) {
        return bundle.resolve("runtime.log");
    }

    static Path monitorErrors(Path bundle) {
        return bundle.resolve("conmon.err");
    }

    /** The monitor's control FIFO. */
    static Path control(Path bundle) {
        return bundle.resolve("ctl");
    }

    /** The mark that the monitor leaves when the container's cgroup ran out of memory. */
    static Path outOfMemory(Path bundle) {
        return bundle.resolve("oom");
    }
}
