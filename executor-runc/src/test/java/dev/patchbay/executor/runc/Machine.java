package dev.patchbay.executor.runc;

import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What these tests ask the machine: whether they can run here, and what they have left on it. */
final class Machine {
    private Machine() {}

    /** Why containers cannot be run here; empty if they can. */
    static Optional<String> missing(String runtime) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("needs root");
        }
        for (String program : List.of("conmon", runtime)) {
            if (RuntimeProgram.find(program).isEmpty()) {
                return Optional.of("needs " + program);
            }
        }
        if (!Files.isExecutable(SamplePlugin.built().resolve("rootfs/sample-plugin"))) {
            return Optional.of("needs the sample plugin in " + SamplePlugin.built());
        }
        return Optional.empty();
    }

    /** Processes that name the folder in their command line, mounts below it, and cgroups of these tests. */
    static List<String> leftovers(Path folder) {
        try {
            var found = new ArrayList<String>();
            ProcessHandle.allProcesses()
                    .filter(it -> commandLine(it.pid()).contains(folder.toString()))
                    .forEach(it -> found.add("process " + it.pid() + " " + commandLine(it.pid())));
            MountTable.read()
                    .atOrBelow(folder)
                    .stream()
                    .map(MountEntry::mountPoint)
                    .forEach(it -> found.add("mount " + it));
            for (Path hierarchy : Cgroups.ofThisMachine().hierarchies()) {
                found.addAll(children(hierarchy.resolve(SamplePlugin.CGROUP.substring(1))));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The groups or files in a folder. */
    static List<String> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).map(Path::toString).toList();
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
        } catch (IOException _) {
            return ""; // gone
        }
    }
}
