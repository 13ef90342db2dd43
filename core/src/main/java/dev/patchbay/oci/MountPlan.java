package dev.patchbay.oci;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The mounts of a plugin, in the order in which the runtime makes them.
 *
 * <p>Source: moby, {@code daemon/pkg/plugin/v2/plugin_linux.go} and {@code daemon/pkg/oci/defaults.go}. Three differences:
 * sources are the user's, from the settings (D56), nothing shared is edited on the way (D62, D63), and who collects
 * metrics sees the folder of their socket, where Docker shows a socket that is dead once the daemon was started again.
 */
final class MountPlan {

    private static final List<SpecMount> DEFAULTS = List.of(
            new SpecMount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")),
            new SpecMount("/dev", "tmpfs", "tmpfs",
                    List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
            new SpecMount("/dev/pts", "devpts", "devpts",
                    List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
            new SpecMount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")),
            new SpecMount("/sys/fs/cgroup", "cgroup", "cgroup", List.of("ro", "nosuid", "noexec", "nodev")),
            new SpecMount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")),
            new SpecMount("/dev/shm", "tmpfs", "shm", List.of("nosuid", "noexec", "nodev", "mode=1777")));

    /** Where a collector finds {@code metrics.sock}: Docker's path, compiled into plugins. */
    private static final String METRICS_MOUNT = "/run/docker";

    private static final InterfaceType METRICS = InterfaceType.docker("metricscollector");

    private MountPlan() {}

    static List<SpecMount> of(PluginConfig config, Settings settings, PluginPaths paths,
            Optional<Path> metricsFolder) {
        List<SpecMount> users = settings.mounts().stream().map(MountPlan::users).toList();
        var mounts = new ArrayList<SpecMount>(defaultsBeside(users));
        if (!config.propagatedMount().isEmpty()) {
            mounts.add(SpecMount.bind(config.propagatedMount(), paths.propagatedMount().toString(), "rbind",
                    "rw",
                    "rshared"));
        }
        mounts.addAll(users);
        // Private, so that what is mounted in it next is not mounted on the host, too, and for all others who see it.
        metricsFolder.filter(_ -> config.providesCapability(METRICS.capability()))
                .ifPresent(folder -> mounts
                        .add(SpecMount.bind(METRICS_MOUNT, folder.toString(), "bind", "ro", "rprivate")));
        mounts.add(
                SpecMount.bind(RuntimeSpec.EXEC_MOUNT, paths.execDirectory().toString(), "rbind", "rshared"));
        if (!config.network().type().isEmpty()) {
            mounts.add(SpecMount.bind("/etc/hosts", "/etc/hosts", "rbind", "ro"));
            mounts.add(SpecMount.bind("/etc/resolv.conf", "/etc/resolv.conf", "rbind", "ro"));
        }
        return mounts;
    }

    // D62: a new list, not the one being walked through, so that any number of defaults can make way.
    private static List<SpecMount> defaultsBeside(List<SpecMount> users) {
        Set<Path> taken = users.stream()
                .map(m -> Path.of(m.destination()).normalize())
                .collect(Collectors.toSet());
        return DEFAULTS.stream()
                .filter(m -> !m.destination().startsWith("/dev/")
                        || !taken.contains(Path.of(m.destination())))
                .toList();
    }

    private static SpecMount users(PluginConfig.Mount mount) {
        String source = mount.source().orElse("");
        if (mount.source().isEmpty() || (source.isEmpty() && mount.isBind())) {
            throw new InvalidSpecException(
                    "mount source is not specified: the mount \"" + mount.name() + "\" on "
                            + mount.destination() + " needs one");
        }
        if (mount.destination().indexOf('\0') >= 0) {
            throw new InvalidSpecException(
                    "the destination of the mount \"" + mount.name() + "\" has a zero byte");
        }
        return new SpecMount(mount.destination(), mount.type(), source, mount.options().items());
    }
}
