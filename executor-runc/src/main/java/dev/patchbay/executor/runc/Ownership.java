package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whose the processes in a plugin's control group are. A plugin has the same group whatever daemon started it, so
 * where a copy of a root is served, the copy's plugins are found in the groups of the original's, and must not be
 * touched. The kernel is asked, and nobody who could be mistaken or gone:
 *
 * <ol>
 *   <li>a process is ours if its root is the plugin's root file system, the same folder and not one of the same name;
 *   <li>or if its root lies in the folder of all our plugins, wherever there, since a plugin that was removed or upgraded has
 *       its root file system under another name, or has none any more but for the container;
 *   <li>or if its monitor was started for the plugin's bundle in our exec root, which nobody else can have;
 *   <li>it is another's if its root is a file system that is none of these, and nobody's that can be told if it has a root
 *       that tells nothing, such as that of the machine in the middle of a create.
 * </ol>
 *
 * A process belongs to whom its parent in the group belongs to if it says nothing of itself.
 */
final class Ownership {
    private static final Path PROC = Path.of("/proc");
    /** How long a process may be there of which nothing can be told any more. */
    static final Duration LAST_MOMENT = Duration.ofMillis(100);

    /** Whom a process belongs to. */
    enum Owner {
        OURS, ANOTHERS, NOBODY_KNOWS
    }

    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Optional<FilePlace> machine;
    private final Optional<FilePlace> plugins;

    private Ownership(RuncExecutorConfig config, Layout layout, Optional<FilePlace> machine,
            Optional<FilePlace> plugins) {
        this.config = config;
        this.layout = layout;
        this.machine = machine;
        this.plugins = plugins;
    }

    /** Looks at what does not depend on a plugin; good for one round of questions, since mounts change. */
    static Ownership look(RuncExecutorConfig config, Layout layout) throws IOException {
        Optional<FilePlace> machine = FilePlace.of(Path.of("/"));
        Optional<FilePlace> plugins = config.pluginRoot().isPresent()
                ? FilePlace.of(config.pluginRoot().get())
                : Optional.empty();
        return new Ownership(config, layout, machine, plugins);
    }

    /** What makes a container ours: its plugin, and the identities of folders that may be its root file system. */
    record Claim(PluginId plugin, Set<Object> roots) {}

    /**
     * Makes a claim.
     *
     * @param rootfs where the plugin's root file system may be; what is not there counts for nothing
     */
    Claim claim(PluginId plugin, Collection<Path> rootfs) throws IOException {
        var roots = new HashSet<Object>();
        for (Path each : rootfs) {
            identity(each).ifPresent(roots::add);
        }
        return new Claim(plugin, roots);
    }

    /**
     * Tells whom a process belongs to.
     *
     * @param group all processes of its group
     */
    Owner of(ProcessIdentity process, Set<ProcessIdentity> group, Claim claim)
            throws IOException, InterruptedException {
        boolean anothers = false;
        Optional<ProcessIdentity> at = Optional.of(process);
        while (at.isPresent() && group.contains(at.get())) {
            Owner owner = byRoot(at.get(), claim);
            if (owner == Owner.OURS) {
                return owner;
            }
            anothers |= owner == Owner.ANOTHERS;
            at = at.get().parent();
        }
        if (at.isPresent() && isOurMonitor(at.get(), claim)) {
            return Owner.OURS;
        }
        return anothers ? Owner.ANOTHERS : Owner.NOBODY_KNOWS;
    }

    private Owner byRoot(ProcessIdentity process, Claim claim) throws IOException, InterruptedException {
        // Only where it may matter: a file system that does not answer would keep us, and somebody else's must not.
        if (!claim.roots().isEmpty()
                && identity(rootLink(process)).filter(claim.roots()::contains).isPresent()) {
            return Owner.OURS;
        }
        Optional<FilePlace> place = root(process);
        if (place.isEmpty() || place.equals(machine)) {
            return Owner.NOBODY_KNOWS;
        }
        if (plugins.filter(place.get()::isIn).isPresent()) {
            return Owner.OURS;
        }
        boolean comparable = config.pluginRoot().isPresent() || !claim.roots().isEmpty();
        return comparable ? Owner.ANOTHERS : Owner.NOBODY_KNOWS;
    }

    /** Where the root of a process lies; empty if that cannot be told, or it has ended. */
    static Optional<FilePlace> root(ProcessIdentity process) throws IOException, InterruptedException {
        try {
            // One that ends, which may take it for ever, has a root no more, and a table of mounts that cannot be read.
            Path _ = Files.readSymbolicLink(rootLink(process));
            return FilePlace.rootOf(process);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            if (process.awaitEnd(LAST_MOMENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    // The same path in another mount namespace would be another bundle.
    private boolean isOurMonitor(ProcessIdentity process, Claim claim) throws IOException {
        Optional<ProcessStat> stat = ProcessStat.of(process.pid());
        return stat.filter(it -> it.process().equals(process) && it.runs(config.conmon())).isPresent()
                && CommandLines.isFor(layout.bundle(claim.plugin()), process.arguments())
                && identity(PROC.resolve("self/ns/mnt")).equals(identity(folder(process).resolve("ns/mnt")));
    }

    // The kernel leads from it to the root, without a step that the container could have laid.
    private static Path rootLink(ProcessIdentity process) {
        return folder(process).resolve("root");
    }

    private static Path folder(ProcessIdentity process) {
        return PROC.resolve(Long.toString(process.pid()));
    }

    /** Device and inode; empty if there is no such file. */
    private static Optional<Object> identity(Path file) throws IOException {
        try {
            return Optional.of(Objects.requireNonNull(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "of Linux"));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
