package dev.patchbay.executor.runc;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel says of a living process (proc_pid_stat(5)). Only a process that there is not is empty: a look that fails,
 * as with no file descriptor left, proves nothing, and throws.
 *
 * @param process which it is
 * @param name the name of its program, cut at {@value #MAX_NAME_BYTES} bytes, a byte as a character
 * @param parent the pid of the one that started it, or took it in
 */
record ProcessStat(ProcessIdentity process, String name, long parent) {
    /** What the kernel keeps of a program's name (proc_pid_comm(5)). */
    static final int MAX_NAME_BYTES = 15;

    private static final Path PROC = Path.of("/proc");
    private static final int STATE_FIELD = 0;
    private static final int PARENT_FIELD = 1;
    private static final int START_FIELD = 19;

    /** Looks at the process that has a pid now; empty if there is none or it is a zombie. */
    static Optional<ProcessStat> of(long pid) throws IOException {
        return read(pid, "stat", StandardCharsets.ISO_8859_1).flatMap(stat -> parse(pid, stat));
    }

    // The second field is the program's name in parentheses and may hold anything, so fields count after it.
    private static Optional<ProcessStat> parse(long pid, String stat) {
        int nameEnd = stat.lastIndexOf(')');
        String name = stat.substring(stat.indexOf('(') + 1, nameEnd);
        String state = field(stat, nameEnd, STATE_FIELD);
        if (state.equals("Z") || state.equals("X")) {
            return Optional.empty();
        }
        var process = new ProcessIdentity(pid, Long.parseLong(field(stat, nameEnd, START_FIELD)));
        return Optional.of(
                new ProcessStat(process, name, Long.parseLong(field(stat, nameEnd, PARENT_FIELD))));
    }

    // A look at a thousand processes is usual, so the fifty others are not cut out.
    private static String field(String stat, int nameEnd, int number) {
        int begin = nameEnd + 2;
        for (int passed = 0; passed < number; passed++) {
            begin = stat.indexOf(' ', begin) + 1;
            if (begin == 0) {
                throw new IllegalStateException("what the kernel says of a process ends early: " + stat);
            }
        }
        int end = stat.indexOf(' ', begin);
        return end < 0 ? stat.substring(begin) : stat.substring(begin, end);
    }

    /** Looks at all processes of this machine. */
    static List<ProcessStat> all() throws IOException {
        var found = new ArrayList<ProcessStat>();
        for (Path entry : Entries.in(PROC)) {
            String name = String.valueOf(entry.getFileName());
            if (isPid(name)) {
                of(Long.parseLong(name)).ifPresent(found::add);
            }
        }
        return found;
    }

    private static boolean isPid(String name) {
        return name.charAt(0) != '0' && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether it is, by its name, one of a program. The kernel always answers that, as it does not a command line. */
    boolean runs(Path program) {
        byte[] file = String.valueOf(program.getFileName()).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(file.length, MAX_NAME_BYTES);
        return name.equals(new String(file, 0, length, StandardCharsets.ISO_8859_1));
    }

    /** Reads a file that tells of a process; empty if there is no such process any more. */
    static Optional<String> read(long pid, String name, Charset charset) throws IOException {
        Path folder = PROC.resolve(Long.toString(pid));
        try {
            return Optional.of(new String(Files.readAllBytes(folder.resolve(name)), charset));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            if (isGone(folder)) {
                return Optional.empty(); // it ended while we read
            }
            throw new IOException("process " + pid + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    // Takes no file descriptor, so this is answered also where the reading failed for want of one.
    private static boolean isGone(Path folder) {
        try {
            Files.readAttributes(folder, BasicFileAttributes.class);
            return false;
        } catch (NoSuchFileException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
