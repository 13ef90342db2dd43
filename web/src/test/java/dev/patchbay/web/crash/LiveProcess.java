package dev.patchbay.web.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as {@code /proc} shows it.
 *
 * @param startTicks when it was started: with the pid it names a process for good
 * @param command its arguments, with spaces
 * @param controlGroups the text of its {@code cgroup} file
 */
record LiveProcess(long pid, long startTicks, String command, String controlGroups) {
    private static final Path PROC = Path.of("/proc");
    // proc(5), counted from behind the name in brackets.
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** All that live. */
    static List<LiveProcess> all() throws IOException {
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .map(LiveProcess::read)
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    /** One, if it lives. */
    static Optional<LiveProcess> of(long pid) {
        return read(PROC.resolve(Long.toString(pid)));
    }

    private static Optional<LiveProcess> read(Path folder) {
        try {
            String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            if (fields.get(STATE).equals("Z") || fields.get(STATE).equals("X")) {
                return Optional.empty();
            }
            String command = Files.readString(folder.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
            return Optional.of(new LiveProcess(Long.parseLong(folder.getFileName().toString()),
                    Long.parseLong(fields.get(START_TIME)), command,
                    Files.readString(folder.resolve("cgroup"))));
        } catch (IOException _) {
            return Optional.empty(); // ended meanwhile
        }
    }

    /** A name that no other process ever has, until the machine is started again. */
    String identity() {
        return pid + "@" + startTicks;
    }

    void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
}
