package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import dev.patchbay.syscall.MountEntry;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The cgroup hierarchies of this machine: one on cgroup v2, one for each controller on v1, both on hybrid machines.
 * A group that cannot be looked into is an error, not an empty group.
 *
 * @param hierarchies where they are mounted
 */
record Cgroups(List<Path> hierarchies) {
    private static final int RETRY_MILLIS = 5;

    Cgroups {
        hierarchies = List.copyOf(hierarchies);
    }

    static Cgroups ofThisMachine() throws IOException {
        return new Cgroups(MountTable.ofTypes(Set.of("cgroup", "cgroup2"))
                .entries()
                .stream()
                .map(MountEntry::mountPoint)
                .distinct()
                .toList());
    }

    /** Whether a path of a spec names a group of its own that may be removed; {@code /}, for one, does not. */
    static boolean removable(String cgroupsPath) {
        Path path = Path.of(cgroupsPath);
        return path.isAbsolute() && path.getNameCount() >= 1 && path.equals(path.normalize());
    }

    /** The groups that have a name and lie right below one at the top, as paths of a spec. */
    Set<String> named(String name) throws IOException {
        var found = new TreeSet<String>();
        for (Path hierarchy : hierarchies) {
            for (Path top : Entries.in(hierarchy)) {
                if (isGroup(top) && isGroup(top.resolve(name))) {
                    found.add("/" + top.getFileName() + "/" + name);
                }
            }
        }
        return found;
    }

    /** All groups that lie right below one at the top, as paths of a spec, by their name. */
    Map<String, Set<String>> all() throws IOException {
        var found = new TreeMap<String, Set<String>>();
        for (Path hierarchy : hierarchies) {
            for (Path top : Entries.in(hierarchy)) {
                for (Path group : isGroup(top) ? Entries.in(top) : List.<Path>of()) {
                    if (isGroup(group)) {
                        found.computeIfAbsent(String.valueOf(group.getFileName()), _ -> new TreeSet<>())
                                .add("/" + hierarchy.relativize(group));
                    }
                }
            }
        }
        return found;
    }

    /** The processes in a group and in the groups below it, in any hierarchy. */
    Set<ProcessIdentity> members(String cgroupsPath) throws IOException {
        var members = new LinkedHashSet<ProcessIdentity>();
        for (Path hierarchy : hierarchies) {
            for (Path group : tree(in(hierarchy, cgroupsPath))) {
                members.addAll(membersOf(group));
            }
        }
        return members;
    }

    /** Lets a group's processes go on if they were frozen, as `runc pause` does it: they hear no signal, on v1 not even KILL. */
    void thaw(String cgroupsPath) {
        for (Path hierarchy : hierarchies) {
            thawGroup(in(hierarchy, cgroupsPath));
        }
    }

    // cgroups(7) on v1's freezer and v2's cgroup.freeze
    private static void thawGroup(Path group) {
        writeUnlessIs(group.resolve("freezer.state"), "THAWED");
        writeUnlessIs(group.resolve("cgroup.freeze"), "0");
    }

    private static void writeUnlessIs(Path file, String value) {
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value, StandardOpenOption.WRITE);
            }
        } catch (IOException _) {
            // The group is gone; or what is in it stays frozen, and whoever waits for its end says that it does not end.
        }
    }

    /** Says which of the processes in a group, of which there is one at least, may be killed. */
    interface Judge {
        List<ProcessIdentity> doomed(Set<ProcessIdentity> members) throws IOException, InterruptedException;
    }

    /**
     * Kills what is left in a group and removes it, with the groups below it, from every hierarchy.
     *
     * @return whether it is gone; if not, only what may not be killed is left in it
     */
    boolean remove(String cgroupsPath, Duration limit, Judge judge) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean gone = true;
        for (Path hierarchy : hierarchies) {
            gone &= remove(in(hierarchy, cgroupsPath), limit, deadline, judge);
        }
        return gone;
    }

    private static boolean remove(Path group, Duration limit, long deadline, Judge judge)
            throws IOException, InterruptedException {
        while (!removed(group)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the cgroup " + group + " was still in use after "
                        + Processes.readable(limit) + " of killing what is in it");
            }
            if (!kill(group, judge)) {
                return false;
            }
            Thread.sleep(RETRY_MILLIS);
        }
        return true;
    }

    /** Where a group is, or would be. */
    List<String> places(String cgroupsPath) {
        return hierarchies.stream().map(hierarchy -> in(hierarchy, cgroupsPath).toString()).toList();
    }

    private static Path in(Path hierarchy, String cgroupsPath) {
        return hierarchy.resolve(cgroupsPath.substring(1));
    }

    /** Removes a group from every hierarchy where nothing is in it. */
    void removeIfEmpty(String cgroupsPath) {
        for (Path hierarchy : hierarchies) {
            Path group = in(hierarchy, cgroupsPath);
            // Fails on groups that are in use, which is what decides here.
            boolean _ = group.toFile().delete();
        }
    }

    private static boolean removed(Path group) throws IOException {
        if (!isGroup(group)) {
            return true;
        }
        boolean all = true;
        for (Path child : Entries.in(group)) {
            all &= removed(child);
        }
        if (!all) {
            return false;
        }
        try {
            Files.deleteIfExists(group);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (FileSystemException e) {
            return !isGroup(group); // busy: a process in it has not ended yet
        }
    }

    // Returns whether it is worth waiting: a group may be in use for a while after its last process.
    private static boolean kill(Path group, Judge judge) throws IOException, InterruptedException {
        List<Path> groups = tree(group);
        var members = new LinkedHashSet<ProcessIdentity>();
        for (Path each : groups) {
            members.addAll(membersOf(each));
        }
        if (members.isEmpty()) {
            return true;
        }
        List<ProcessIdentity> doomed = judge.doomed(members);
        if (doomed.isEmpty()) {
            return false;
        }
        groups.forEach(Cgroups::thawGroup);
        for (ProcessIdentity member : doomed) {
            member.signal(Signal.KILL);
        }
        return true;
    }

    /** A group and all below it; what vanishes meanwhile is missing. */
    private static List<Path> tree(Path group) throws IOException {
        if (!isGroup(group)) {
            return List.of();
        }
        var groups = new ArrayList<>(List.of(group));
        for (Path child : Entries.in(group)) {
            groups.addAll(tree(child));
        }
        return groups;
    }

    private static List<ProcessIdentity> membersOf(Path group) throws IOException {
        var members = new ArrayList<ProcessIdentity>();
        for (String pid : pids(group)) {
            ProcessIdentity.of(Long.parseLong(pid)).ifPresent(members::add);
        }
        return members;
    }

    private static List<String> pids(Path group) throws IOException {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs"));
        } catch (NoSuchFileException _) {
            return List.of(); // gone, with all its members
        } catch (IOException e) {
            if (!isGroup(group) || isThreaded(group)) {
                return List.of(); // removed while we read; or its processes are listed in the one above it
            }
            throw new IOException("the processes in " + group + " cannot be listed: " + e.getMessage(), e);
        }
    }

    // cgroups(7), "Thread mode"
    private static boolean isThreaded(Path group) throws IOException {
        try {
            return Files.readString(group.resolve("cgroup.type")).strip().equals("threaded");
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    // On a machine with a hierarchy for each controller most are not there: no exception for each of those.
    private static boolean isGroup(Path path) throws IOException {
        BasicFileAttributes found = path.getFileSystem()
                .provider()
                .readAttributesIfExists(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found != null && found.isDirectory();
    }
}
