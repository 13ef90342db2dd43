package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The cgroup hierarchies of this machine: one on cgroup v2, one for each controller on v1, both on hybrid machines.
 *
 * @param hierarchies where they are mounted
 */
record Cgroups(List<Path> hierarchies) {
    private static final int RETRY_MILLIS = 5;

    Cgroups {
        hierarchies = List.copyOf(hierarchies);
    }

    static Cgroups ofThisMachine() throws IOException {
        return new Cgroups(MountTable.read()
                .entries()
                .stream()
                .filter(entry -> entry.type().equals("cgroup") || entry.type().equals("cgroup2"))
                .map(MountEntry::mountPoint)
                .distinct()
                .toList());
    }

    /** Whether a path of a spec names a group of its own that may be removed; {@code /}, for one, does not. */
    static boolean removable(String cgroupsPath) {
        Path path = Path.of(cgroupsPath);
        return path.isAbsolute() && path.getNameCount() >= 1 && path.equals(path.normalize());
    }

    /** Kills what is left in a group and removes it, with the groups below it, from every hierarchy. */
    void remove(String cgroupsPath, Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (Path hierarchy : hierarchies) {
            Path group = hierarchy.resolve(cgroupsPath.substring(1));
            while (!removed(group)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("the cgroup " + group + " was still in use after "
                            + Processes.readable(limit) + " of killing what is in it");
                }
                killAll(group);
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    /** Removes a group from every hierarchy where nothing is in it. */
    void removeIfEmpty(String cgroupsPath) {
        for (Path hierarchy : hierarchies) {
            Path group = hierarchy.resolve(cgroupsPath.substring(1));
            // Fails on groups that are in use, which is what decides here.
            boolean _ = group.toFile().delete();
        }
    }

    private static boolean removed(Path group) throws IOException {
        if (!Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(group,
                path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))) {
            boolean all = true;
            for (Path child : children) {
                all &= removed(child);
            }
            if (!all) {
                return false;
            }
        }
        try {
            Files.deleteIfExists(group);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (FileSystemException e) {
            return !Files.exists(group); // busy: a process in it has not ended yet
        }
    }

    private static void killAll(Path group) throws IOException {
        List<Path> groups;
        try (Stream<Path> below = Files.find(group, Integer.MAX_VALUE,
                (_, attributes) -> attributes.isDirectory())) {
            groups = below.toList();
        } catch (NoSuchFileException | UncheckedIOException _) {
            return; // a group vanished meanwhile: the next round looks again
        }
        for (Path each : groups) {
            killMembers(each);
        }
    }

    private static void killMembers(Path group) throws IOException {
        try {
            for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                ProcessIdentity.of(Long.parseLong(pid)).ifPresent(it -> it.signal(Signal.KILL));
            }
        } catch (NoSuchFileException _) {
            // gone, with all its members
        }
    }
}
