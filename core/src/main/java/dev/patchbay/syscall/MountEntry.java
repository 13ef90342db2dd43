package dev.patchbay.syscall;

import java.nio.file.Path;
import java.util.List;

/**
 * One line of {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)).
 *
 * @param id identity of the mount
 * @param parent identity of the mount it sits on
 * @param device {@code major:minor} of the file system
 * @param root the directory of the file system that is the root of this mount
 * @param mountPoint where it is mounted, as this process sees it
 * @param options options of this mount, comma separated
 * @param propagation optional fields such as {@code shared:5} or {@code master:2}
 * @param type file system type
 * @param source what the file system was mounted from
 * @param superOptions options of the file system, comma separated
 */
public record MountEntry(
        int id,
        int parent,
        String device,
        String root,
        Path mountPoint,
        String options,
        List<String> propagation,
        String type,
        String source,
        String superOptions) {

    /** Copies the list. */
    public MountEntry {
        propagation = List.copyOf(propagation);
    }

    /** Tells whether mounts made below this one are propagated to its peers. */
    public boolean shared() {
        return propagation.stream().anyMatch(field -> field.startsWith("shared:"));
    }
}
