package dev.patchbay.oci;

import dev.patchbay.limits.Seccomp;
import dev.patchbay.limits.SeccompProfile;
import dev.patchbay.plugin.Capabilities;
import dev.patchbay.plugin.GoJson;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document of a {@link RuntimeSpec}, section by section.
 *
 * <p>Source: OCI runtime-spec, {@code config.md} and {@code config-linux.md}; values from moby's
 * {@code daemon/pkg/oci/defaults.go}.
 *
 * @param plugin whose container
 * @param options the operator's part
 * @param host what only the machine knows
 */
record SpecDocument(InstalledPlugin plugin, SpecOptions options, HostFacts host) {

    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** The kernel's usual one, in which a quota is used up. */
    private static final long CPU_PERIOD_MICROS = 100_000;

    private static final long NANOS_PER_MICRO_OF_PERIOD = 1_000_000_000L / CPU_PERIOD_MICROS;

    private static final List<String> MASKED = List.of("/proc/acpi", "/proc/asound", "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
            "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware");

    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
            "/proc/sysrq-trigger");

    byte[] write(Path rootfs, List<SpecMount> mounts) {
        ObjectNode tree = Trees.object();
        tree.put("ociVersion", options.ociVersion());
        tree.set("process", process());
        tree.set("root",
                Trees.object()
                        .put("path", rootfs.toString())
                        .put("readonly", options.limits().readOnlyRootfs()));
        tree.set("mounts", Trees.list(mounts, SpecMount::tree));
        tree.set("linux", linux());
        return GoJson.PLAIN.write(tree);
    }

    private ObjectNode process() {
        PluginConfig config = plugin.config();
        ObjectNode tree = Trees.object();
        tree.put("terminal", false);
        // D64: moby reads this field and then starts everything as root.
        tree.set("user", Trees.object().put("uid", config.user().uid()).put("gid", config.user().gid()));
        tree.set("args", Trees.strings(
                Stream.concat(config.entrypoint().stream(), plugin.settings().args().stream()).toList()));
        tree.set("env", Trees.strings(environment()));
        tree.put("cwd", config.workDir().isEmpty() ? "/" : config.workDir());
        tree.set("capabilities", capabilities());
        if (options.limits().noNewPrivileges()) {
            tree.put("noNewPrivileges", true);
        }
        return tree;
    }

    /** Each variable once: runtimes do not agree on which of two counts, so the later one is settled on here. */
    private List<String> environment() {
        var byName = new LinkedHashMap<String, String>();
        Stream.concat(Stream.of(PATH), plugin.settings().env().stream())
                .forEach(entry -> byName.put(entry.split("=", 2)[0], entry));
        return List.copyOf(byName.values());
    }

    private List<String> asked() {
        return plugin.config().linux().capabilities().stream().distinct().toList();
    }

    /** The bounding set. */
    private List<String> all() {
        return Stream.concat(Capabilities.DEFAULT.stream(), asked().stream()).distinct().toList();
    }

    private ObjectNode capabilities() {
        List<String> asked = asked();
        List<String> all = all();
        ObjectNode tree = Trees.object();
        tree.set("bounding", Trees.strings(all));
        tree.set("effective", Trees.strings(all));
        tree.set("inheritable", Trees.strings(asked));
        tree.set("permitted", Trees.strings(all));
        if (plugin.config().user().uid() != 0 && !asked.isEmpty()) {
            // The kernel takes the other sets away when a process that is not root executes its program: without
            // this, what the author asked for and the user granted would have no effect. See capabilities(7).
            tree.set("ambient", Trees.strings(asked));
        }
        return tree;
    }

    private ObjectNode linux() {
        PluginConfig config = plugin.config();
        DevicePlan devices = DevicePlan.of(plugin.settings().devices(), host);
        ObjectNode tree = Trees.object();
        tree.set("resources", resources(devices));
        tree.put("cgroupsPath", options.cgroupParent() + "/" + plugin.id());
        tree.set("namespaces", Trees.list(namespaces(), type -> Trees.object().put("type", type)));
        if (!devices.nodes().isEmpty()) {
            tree.set("devices", devices.nodesTree());
        }
        profile().ifPresent(profile -> tree.set("seccomp", profile.tree(all(), host.seccompHost())));
        if (!config.propagatedMount().isEmpty()) {
            tree.put("rootfsPropagation", "rshared");
        }
        tree.set("maskedPaths", Trees.strings(
                Stream.concat(MASKED.stream(), host.thermalThrottlePaths().stream()).toList()));
        tree.set("readonlyPaths", Trees.strings(READ_ONLY));
        return tree;
    }

    private Optional<SeccompProfile> profile() {
        return switch (options.limits().seccomp()) {
            case Seccomp.Unconfined _ -> Optional.empty();
            case Seccomp.Builtin _ -> Optional.of(SeccompProfile.builtin());
            case Seccomp.Custom(String json) ->
                Optional.of(SeccompProfile.read(json.getBytes(StandardCharsets.UTF_8)));
        };
    }

    private ObjectNode resources(DevicePlan devices) {
        ObjectNode tree = Trees.object();
        tree.set("devices", devices.rulesTree(plugin.config().linux().allowAllDevices()));
        options.limits().memoryMaxBytes().ifPresent(bytes -> tree.set("memory", memory(bytes)));
        options.limits()
                .nanoCpus()
                .ifPresent(nanos -> tree.set("cpu", Trees.object()
                        .put("quota", nanos / NANOS_PER_MICRO_OF_PERIOD)
                        .put("period", CPU_PERIOD_MICROS)));
        options.limits().pidsMax().ifPresent(count -> tree.set("pids", Trees.object().put("limit", count)));
        return tree;
    }

    /** "swap" is memory and swap together; without it as much again could be swapped, where there is swap. */
    private ObjectNode memory(long bytes) {
        ObjectNode memory = Trees.object().put("limit", bytes);
        return host.limitsSwap() ? memory.put("swap", bytes) : memory;
    }

    /**
     * Every network type but {@code host} is a namespace with a loopback device and nothing else, {@code bridge} and
     * {@code none} included (D66). No time namespace: kernels before 5.6 have none and runtimes fail on it (D65).
     */
    private List<String> namespaces() {
        PluginConfig config = plugin.config();
        var types = new ArrayList<String>(List.of("mount"));
        if (!config.network().isHost()) {
            types.add("network");
        }
        types.add("uts");
        if (!config.pidHost()) {
            types.add("pid");
        }
        if (!config.ipcHost()) {
            types.add("ipc");
        }
        return types;
    }
}
