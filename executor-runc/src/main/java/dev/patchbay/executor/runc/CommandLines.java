package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Argument lists of the programs that are run. Pure functions; no value ever becomes part of a shell's script. */
final class CommandLines {
    /** The file descriptor over which the monitor reports the outcome of create. */
    static final int SYNC_DESCRIPTOR = 3;

    // Process hands down descriptors 0 to 2 only, so a shell moves its pipe to 3 and then becomes the monitor: the
    // process that Java knows is the monitor itself.
    private static final Path SHELL = Path.of("/bin/sh");
    private static final String MOVE_STDOUT_TO_3 = "exec \"$@\" 3>&1 >/dev/null";

    private CommandLines() {}

    /** The monitor, which creates the container and stays as our child until it ends (conmon(8)). */
    static List<String> monitor(
            Path conmon, RuntimeProgram runtime, Path runtimeState, PluginId plugin, Monitored files) {
        Path bundle = files.bundle();
        var line = new ArrayList<>(
                List.of(SHELL.toString(), "-c", MOVE_STDOUT_TO_3, "sh", conmon.toString()));
        line.addAll(List.of("--api-version", "1", "--sync"));
        line.addAll(List.of("-c", plugin.hex(), "-u", plugin.hex(), "-n", plugin.hex()));
        line.addAll(List.of("-r", runtime.path().toString(), "-b", bundle.toString()));
        for (String argument : global(runtime, runtimeState, Layout.runtimeLog(bundle))) {
            line.addAll(List.of("--runtime-arg", argument));
        }
        line.addAll(List.of("-p", Layout.pidFile(bundle).toString()));
        line.addAll(List.of("--exit-dir", files.exits().toString(), "--persist-dir", bundle.toString()));
        line.addAll(List.of("--full-attach", "-l", "k8s-file:" + files.log(), "--log-level", "warning"));
        line.add("--no-new-keyring");
        return List.copyOf(line);
    }

    /** Where a monitor puts its files. */
    record Monitored(Path bundle, Path exits, Path log) {}

    static List<String> start(RuntimeProgram runtime, Path runtimeState, Path bundle, PluginId plugin) {
        return call(runtime, runtimeState, bundle, "start", plugin.hex());
    }

    /** Kills whatever runs and removes the container; content with one that does not exist. */
    static List<String> delete(RuntimeProgram runtime, Path runtimeState, Path bundle, PluginId plugin) {
        return call(runtime, runtimeState, bundle, "delete", "--force", plugin.hex());
    }

    /** Asks for the container's state, as JSON (OCI runtime-spec, runtime.md). */
    static List<String> state(RuntimeProgram runtime, Path runtimeState, Path bundle, PluginId plugin) {
        return call(runtime, runtimeState, bundle, "state", plugin.hex());
    }

    /** The programs that are run with these. */
    static List<Path> programs(RuncExecutorConfig config) {
        var programs = new ArrayList<>(List.of(SHELL, config.conmon()));
        config.runtimes().values().forEach(runtime -> programs.add(runtime.path()));
        return List.copyOf(programs);
    }

    /** Whether a command line is one of these that make something of a bundle. */
    static boolean isFor(Path bundle, List<String> line) {
        return follows(line, "-b", bundle.toString())
                || follows(line, "--log", Layout.runtimeLog(bundle).toString());
    }

    private static boolean follows(List<String> line, String option, String value) {
        int at = line.indexOf(value);
        return at > 0 && line.get(at - 1).equals(option);
    }

    static List<String> version(Path program) {
        return List.of(program.toString(), "--version");
    }

    private static List<String> call(RuntimeProgram runtime, Path runtimeState, Path bundle, String... verb) {
        var line = new ArrayList<String>();
        line.add(runtime.path().toString());
        line.addAll(global(runtime, runtimeState, Layout.runtimeLog(bundle)));
        line.addAll(List.of(verb));
        return List.copyOf(line);
    }

    private static List<String> global(RuntimeProgram runtime, Path runtimeState, Path log) {
        var arguments = new ArrayList<>(runtime.arguments());
        arguments.addAll(List.of("--root", runtimeState.toString()));
        arguments.addAll(List.of("--log", log.toString(), "--log-format", "json"));
        return arguments;
    }
}
