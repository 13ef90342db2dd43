package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
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
 * before anything is made: asked to, since nobody has done that yet, and killed if it does not. What is not provably ours
 * is left alone ({@link Ownership}).
 */
final class Unrecorded {
    private static final Logger LOG = LoggerFactory.getLogger(Unrecorded.class);

    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Cgroups cgroups;
    private final Duration limit;

    /** Makes one that waits as long as a kill may take for the end of what was asked to end, and again for what was killed. */
    Unrecorded(RuncExecutorConfig config, Layout layout, Cgroups cgroups) {
        this.config = config;
        this.layout = layout;
        this.cgroups = cgroups;
        this.limit = config.limits().kill();
    }

    /**
     * A group to be looked into.
     *
     * @param group as in a spec
     * @param ours what we know of a container of the plugin; it and what belongs to it is left alone
     * @param rootfs where the plugin's root file system is, as far as that is known
     */
    record Place(PluginId plugin, String group, Optional<ContainerRecord> ours, Optional<Path> rootfs) {
        private boolean isRecorded() throws IOException {
            return ours.isPresent() && isOf(ours.get()) && ours.get().isOfThisBoot();
        }

        private boolean isOf(ContainerRecord record) {
            return record.making().places().cgroupsPath().filter(group::equals).isPresent();
        }

        private List<Path> roots() {
            var roots = new ArrayList<Path>();
            rootfs.ifPresent(roots::add);
            ours.ifPresent(it -> roots.add(it.making().rootfs()));
            return roots;
        }
    }

    /**
     * Ends what runs in a group and is not of our container.
     *
     * @throws AnothersContainer if something runs there that may belong to somebody else; then nothing was done
     * @throws IOException if something does not end
     */
    void end(Place place) throws IOException, InterruptedException {
        // In its last moment a process has no root any more: what was ours once stays ours.
        var ours = new HashSet<ProcessIdentity>();
        List<ProcessIdentity> found = in(place, ours);
        if (!found.isEmpty()) {
            LOG.warn(
                    "plugin {}: ending {} in its control group {}: started from another exec root, or from this "
                            + "one before it was emptied",
                    place.plugin(), words(found), place.group());
            Set<ProcessIdentity> monitors = monitors(place.plugin(), found);
            ask(place.group(), found);
            if (!awaitEnd(place, ours)) {
                kill(place, ours);
            }
            for (ProcessIdentity monitor : monitors) {
                monitor.end(limit); // it writes an exit file last, perhaps where the next one's will be
            }
        }
        if (place.ours().filter(place::isOf).isEmpty()) {
            remove(place); // with its limits, which are not those of the next container
        }
    }

    /**
     * The plugins in whose control groups something runs that is provably ours: also those that are switched off or removed
     * by now, of which nobody would ever ask.
     *
     * @param known plugins that need not be looked for
     */
    List<PluginId> present(Set<PluginId> known) throws IOException, InterruptedException {
        Ownership ownership = Ownership.look(config, layout);
        var present = new ArrayList<PluginId>();
        for (var groups : cgroups.all().entrySet()) {
            Optional<PluginId> plugin = PluginId.parse(groups.getKey());
            if (plugin.isPresent() && !known.contains(plugin.get())
                    && runs(plugin.get(), groups.getValue(), ownership)) {
                present.add(plugin.get());
            }
        }
        return present;
    }

    private boolean runs(PluginId plugin, Set<String> groups, Ownership ownership)
            throws IOException, InterruptedException {
        Ownership.Claim claim = ownership.claim(plugin, List.of());
        for (String group : groups) {
            Set<ProcessIdentity> members = cgroups.members(group);
            for (ProcessIdentity member : members) {
                if (ownership.of(member, members, claim) == Ownership.Owner.OURS) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Kills what is left in a group and removes it; leaves it where somebody else's container is in it. */
    void remove(Place place) throws IOException, InterruptedException {
        boolean gone = cgroups.remove(place.group(), config.limits().delete(),
                members -> doomed(place, members));
        if (!gone) {
            LOG.warn("plugin {}: leaving its control group {} to another daemon's container", place.plugin(),
                    place.group());
        }
    }

    private List<ProcessIdentity> doomed(Place place, Set<ProcessIdentity> members)
            throws IOException, InterruptedException {
        Ownership ownership = Ownership.look(config, layout);
        Ownership.Claim claim = ownership.claim(place.plugin(), place.roots());
        var doomed = new ArrayList<ProcessIdentity>();
        for (ProcessIdentity member : members) {
            if (ownership.of(member, members, claim) != Ownership.Owner.ANOTHERS) {
                doomed.add(member);
            }
        }
        return doomed;
    }

    /**
     * What is to be ended in a group.
     *
     * @param ours what was found to be ours before; what is found is added
     */
    private List<ProcessIdentity> in(Place place, Set<ProcessIdentity> ours)
            throws IOException, InterruptedException {
        Set<ProcessIdentity> members = cgroups.members(place.group());
        if (members.isEmpty()) {
            return List.of();
        }
        Ownership ownership = Ownership.look(config, layout);
        Ownership.Claim claim = ownership.claim(place.plugin(), place.roots());
        boolean recorded = place.isRecorded();
        Optional<ContainerRecord.Life> life = place.ours()
                .filter(_ -> recorded)
                .flatMap(ContainerRecord::life);
        var found = new ArrayList<ProcessIdentity>();
        for (ProcessIdentity member : members) {
            if (life.isPresent() && belongs(member, life.get())) {
                continue;
            }
            Ownership.Owner owner = ours.contains(member)
                    ? Ownership.Owner.OURS
                    : ownership.of(member, members, claim);
            switch (owner) {
                case OURS -> found.add(member);
                case NOBODY_KNOWS -> {
                    if (recorded) {
                        found.add(member); // of a container of ours there, which had a root that tells nothing
                    } else {
                        refuse(member, place);
                    }
                }
                case ANOTHERS -> refuse(member, place);
            }
        }
        ours.addAll(found);
        // A start that was cut off has no life yet: what there is of it is ours, and removed by its record.
        return recorded && life.isEmpty() ? List.of() : found;
    }

    private static void refuse(ProcessIdentity process, Place place)
            throws IOException, InterruptedException {
        Optional<FilePlace> root = Ownership.root(process);
        if (process.awaitEnd(Ownership.LAST_MOMENT)) {
            return;
        }
        String itsRoot = root.isPresent() ? root.get().words() : "a folder that cannot be told";
        throw new AnothersContainer(words(List.of(process)) + " in its control group " + place.group()
                + " has the root file system " + itsRoot
                + place.rootfs().map(path -> " and not " + path).orElse("")
                + ": another daemon seems to serve a copy of this root; disable the plugin there, or end that process if it "
                + "is nobody's");
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
    private Set<ProcessIdentity> monitors(PluginId plugin, List<ProcessIdentity> members) throws IOException {
        var monitors = new LinkedHashSet<ProcessIdentity>();
        for (ProcessIdentity member : members) {
            Optional<ProcessIdentity> parent = member.parent().filter(it -> !members.contains(it));
            Optional<ProcessStat> stat = parent.isPresent()
                    ? ProcessStat.of(parent.get().pid())
                    : Optional.empty();
            if (stat.filter(it -> it.runs(config.conmon())).isPresent()
                    && parent.orElseThrow().arguments().contains(plugin.hex())) {
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
    private boolean awaitEnd(Place place, Set<ProcessIdentity> ours)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<ProcessIdentity> rest = in(place, ours);
        while (!rest.isEmpty() && System.nanoTime() - deadline < 0) {
            awaitEnds(rest, deadline);
            rest = in(place, ours);
        }
        return rest.isEmpty();
    }

    private void kill(Place place, Set<ProcessIdentity> ours) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (List<ProcessIdentity> rest = in(place, ours); !rest.isEmpty(); rest = in(place, ours)) {
            cgroups.thaw(place.group());
            for (ProcessIdentity member : rest) {
                member.signal(Signal.KILL);
            }
            if (!awaitEnds(rest, deadline)) {
                throw new IOException(words(rest) + " in its control group " + place.group()
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
