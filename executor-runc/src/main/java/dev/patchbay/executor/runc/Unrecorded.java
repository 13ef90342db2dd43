package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs in a plugin's control group and is in no record of ours: its container from before the exec root was changed,
 * or emptied while no daemon ran. Two of them must never run at once on one root file system, so such a container is ended
 * before anything is made: asked to, since nobody has done that yet, and killed if it does not.
 */
final class Unrecorded {
    private static final Logger LOG = LoggerFactory.getLogger(Unrecorded.class);

    private final Cgroups cgroups;
    private final Duration limit;

    /** Makes one that waits as long as this for the end of what was asked to end, and again for what was killed. */
    Unrecorded(Cgroups cgroups, Duration limit) {
        this.cgroups = cgroups;
        this.limit = limit;
    }

    /**
     * Ends what runs in a group and is not of our container.
     *
     * @param ours what we know of a container of that plugin; it and what belongs to it is left alone
     * @throws IOException if something does not end
     */
    void end(PluginId plugin, String group, Optional<ContainerRecord> ours)
            throws IOException, InterruptedException {
        List<ProcessIdentity> found = in(group, ours);
        if (!found.isEmpty()) {
            LOG.warn(
                    "plugin {}: ending {} in its control group {}: started from another exec root, or from this "
                            + "one before it was emptied",
                    plugin, words(found), group);
            Set<ProcessIdentity> monitors = monitors(plugin, found);
            ask(group, found);
            if (!awaitEnd(group, ours)) {
                kill(group, ours);
            }
            for (ProcessIdentity monitor : monitors) {
                monitor.end(limit); // it writes an exit file last, perhaps where the next one's will be
            }
        }
        if (ours.flatMap(it -> it.making().places().cgroupsPath()).filter(group::equals).isEmpty()) {
            cgroups.remove(group, limit); // with its limits, which are not those of the next container
        }
    }

    private List<ProcessIdentity> in(String group, Optional<ContainerRecord> ours) throws IOException {
        Set<ProcessIdentity> members = cgroups.members(group);
        if (members.isEmpty() || ours.isEmpty() || !ours.get().isOfThisBoot()) {
            return List.copyOf(members);
        }
        Optional<ContainerRecord.Life> life = ours.get().life();
        var others = new ArrayList<ProcessIdentity>();
        for (ProcessIdentity member : members) {
            // A start that was cut off has no life yet: what there is of it is ours.
            if (life.isPresent() && !belongs(member, life.get())) {
                others.add(member);
            }
        }
        return others;
    }

    /** Whether a process is the container's first one or its monitor, or descends from them. */
    private static boolean belongs(ProcessIdentity process, ContainerRecord.Life life) throws IOException {
        Optional<ProcessIdentity> at = Optional.of(process);
        while (at.isPresent()) {
            if (at.get().equals(life.process()) || at.equals(life.monitor())) {
                return true;
            }
            at = at.get().parent();
        }
        return false;
    }

    /** The parents of containers' first processes, if they are monitors, which name the plugin. */
    private static Set<ProcessIdentity> monitors(PluginId plugin, List<ProcessIdentity> members)
            throws IOException {
        var monitors = new LinkedHashSet<ProcessIdentity>();
        for (ProcessIdentity member : members) {
            Optional<ProcessIdentity> parent = member.parent().filter(it -> !members.contains(it));
            if (parent.isPresent() && parent.get().arguments().contains(plugin.hex())) {
                monitors.add(parent.get());
            }
        }
        return monitors;
    }

    // A container's first process hears it, as from a stop; what to do with its children is its own affair.
    private void ask(String group, List<ProcessIdentity> members) throws IOException {
        cgroups.thaw(group);
        for (ProcessIdentity member : members) {
            if (member.parent().filter(members::contains).isEmpty()) {
                member.signal(Signal.TERM);
            }
        }
    }

    // Again and again: what was found may have started more meanwhile.
    private boolean awaitEnd(String group, Optional<ContainerRecord> ours)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<ProcessIdentity> rest = in(group, ours);
        while (!rest.isEmpty() && System.nanoTime() - deadline < 0) {
            awaitEnds(rest, deadline);
            rest = in(group, ours);
        }
        return rest.isEmpty();
    }

    private void kill(String group, Optional<ContainerRecord> ours) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (List<ProcessIdentity> rest = in(group, ours); !rest.isEmpty(); rest = in(group, ours)) {
            cgroups.thaw(group);
            for (ProcessIdentity member : rest) {
                member.signal(Signal.KILL);
            }
            if (!awaitEnds(rest, deadline)) {
                throw new IOException(words(rest) + " in its control group " + group
                        + ", which this exec root has no record of, did not end within "
                        + Processes.readable(limit) + " of SIGKILL");
            }
        }
    }

    private static boolean awaitEnds(List<ProcessIdentity> processes, long deadline)
            throws IOException, InterruptedException {
        for (ProcessIdentity process : processes) {
            if (!process.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    private static String words(List<ProcessIdentity> processes) {
        return (processes.size() == 1 ? "process " : "processes ") + processes.stream()
                .map(process -> Long.toString(process.pid()))
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
