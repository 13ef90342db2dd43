package dev.patchbay.plugin;

import dev.patchbay.reference.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plugin's author wrote in {@code config.json}. Never changed by its user: that is {@link Settings}.
 *
 * <p>Mirrors Docker's object field by field; {@link PluginJson} reads and writes it. A value may be incomplete or
 * contradictory, since directories written by Docker hold such plugins: {@link CheckedConfig} judges new ones.
 *
 * @param args the arguments after the entrypoint
 * @param description free text
 * @param dockerVersion the engine that made the plugin; only engines before 29.0 write it, empty otherwise
 * @param documentation a URL, or free text
 * @param entrypoint program and first arguments
 * @param env environment variables in order
 * @param api the socket and the interface types; {@code Interface} in JSON
 * @param ipcHost whether to share the host's IPC namespace
 * @param linux capabilities and devices
 * @param mounts additional mounts in order
 * @param network the kind of network
 * @param pidHost whether to share the host's PID namespace
 * @param propagatedMount the plugin's path whose mounts reach the host, or empty
 * @param user who the process runs as
 * @param workDir the working directory, empty for {@code /}
 * @param rootfs the layers, absent in what an author writes
 * @param unknown keys of later or foreign versions
 */
public record PluginConfig(Args args, String description, String dockerVersion, String documentation,
        Slice<String> entrypoint, Slice<Env> env, Interface api, boolean ipcHost, Linux linux,
        Slice<Mount> mounts,
        Network network, boolean pidHost, String propagatedMount, User user, String workDir,
        Optional<Rootfs> rootfs,
        UnknownKeys unknown) {

    /** Whether any of the declared types serves a capability of Docker's. See {@link InterfaceType#provides}. */
    public boolean providesCapability(String capability) {
        return api.types().stream().anyMatch(type -> type.provides(capability));
    }

    /** The first of the declared types that serves what is asked for. */
    public Optional<InterfaceType> serving(InterfaceType asked) {
        for (InterfaceType type : api.types()) { // each look-up asks
            if (type.provides(asked)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The paths of all keys in it that we do not know, for example {@code network.mtu}. */
    public List<String> unknownKeys() {
        return UnknownKeyPaths.paths(this);
    }

    /** This configuration with other layers, as create and pull store it. */
    public PluginConfig withRootfs(Rootfs layers) {
        return new PluginConfig(args, description, dockerVersion, documentation, entrypoint, env, api,
                ipcHost, linux,
                mounts, network, pidHost, propagatedMount, user, workDir, Optional.of(layers), unknown);
    }

    /** This configuration with other mounts and devices. */
    PluginConfig withMountsAndDevices(Slice<Mount> otherMounts, Slice<Device> otherDevices) {
        var otherLinux = new Linux(linux.allowAllDevices(), linux.capabilities(), otherDevices,
                linux.unknown());
        return new PluginConfig(args, description, dockerVersion, documentation, entrypoint, env, api,
                ipcHost, otherLinux, otherMounts, network, pidHost, propagatedMount, user, workDir, rootfs,
                unknown);
    }

    /** Whether there is a mount or device whose source or path its user may set. */
    public boolean hasSettableMountsOrDevices() {
        return mounts.stream().anyMatch(mount -> mount.settable().size() > 0)
                || linux.devices().stream().anyMatch(device -> device.settable().size() > 0);
    }

    /**
     * The arguments after the entrypoint.
     *
     * @param description free text
     * @param name what the user calls them in {@code set}
     * @param settable {@code value}, if the user may change them
     * @param value the arguments
     * @param unknown keys we do not know
     */
    public record Args(String description, String name, Slice<String> settable, Slice<String> value,
            UnknownKeys unknown) {}

    /**
     * One environment variable.
     *
     * @param description free text
     * @param name the variable's name
     * @param settable {@code value}, if the user may change it
     * @param value the default; absent means declared but unset, which is not the same as empty
     * @param unknown keys we do not know
     */
    public record Env(String description, String name, Slice<String> settable, Optional<String> value,
            UnknownKeys unknown) {}

    /**
     * Where and how the plugin is called.
     *
     * @param protocolScheme empty or {@value PluginConfig.Interface#HTTP_V1} for Docker's protocol
     * @param socket the socket's file name inside {@code /run/docker/plugins}
     * @param types what the plugin can do
     * @param unknown keys we do not know
     */
    public record Interface(String protocolScheme, String socket, Slice<InterfaceType> types,
            UnknownKeys unknown) {

        /** The scheme meant where none is written. */
        public static final String HTTP_V1 = "moby.plugins.http/v1";

        /** Whether the plugin speaks Docker's own protocol, the only one there is a client for. */
        public boolean speaksHttp() {
            return protocolScheme.isEmpty() || protocolScheme.equals(HTTP_V1);
        }
    }

    /**
     * What the plugin asks of the kernel.
     *
     * @param allowAllDevices whether the device cgroup lets everything through
     * @param capabilities capabilities beyond the default ones
     * @param devices host devices
     * @param unknown keys we do not know
     */
    public record Linux(boolean allowAllDevices, Slice<String> capabilities, Slice<Device> devices,
            UnknownKeys unknown) {}

    /**
     * One host device, or a folder of devices.
     *
     * @param description free text
     * @param name what the user calls it in {@code set}
     * @param path the path, the same inside and outside
     * @param settable {@code path}, if the user may change it
     * @param unknown keys we do not know
     */
    public record Device(String description, String name, Optional<String> path, Slice<String> settable,
            UnknownKeys unknown) {

        /** This device at another path. */
        public Device withPath(String newPath) {
            return new Device(description, name, Optional.of(newPath), settable, unknown);
        }
    }

    /**
     * One additional mount.
     *
     * @param description free text
     * @param destination the path inside the plugin
     * @param name what the user calls it in {@code set}
     * @param options mount options as the runtime takes them
     * @param settable {@code source}, if the user may change it
     * @param source what is mounted; absent is not the same as empty
     * @param type the file system, or {@code bind}
     * @param unknown keys we do not know
     */
    public record Mount(String description, String destination, String name, Slice<String> options,
            Slice<String> settable, Optional<String> source, String type, UnknownKeys unknown) {

        /** This mount with another source. */
        public Mount withSource(String newSource) {
            return new Mount(description, destination, name, options, settable, Optional.of(newSource), type,
                    unknown);
        }

        /** Whether a path of the host is shown, rather than a new file system made. */
        public boolean isBind() {
            return type.equals("bind") || options.items().contains("bind")
                    || options.items().contains("rbind");
        }
    }

    /**
     * The kind of network: {@code host}, or one of several words for a network namespace of the plugin's own.
     *
     * @param type the word, may be empty
     * @param unknown keys we do not know
     */
    public record Network(String type, UnknownKeys unknown) {

        /** Whether the plugin shares the host's network. */
        public boolean isHost() {
            return type.equals("host");
        }
    }

    /**
     * Who the process runs as.
     *
     * @param uid the user, 0 to 4294967295
     * @param gid the group, 0 to 4294967295
     * @param unknown keys we do not know
     */
    public record User(long uid, long gid, UnknownKeys unknown) {}

    /**
     * The layers of the root file system.
     *
     * @param diffIds one digest per layer, as written
     * @param type {@code layers}
     * @param unknown keys we do not know
     */
    public record Rootfs(Slice<String> diffIds, String type, UnknownKeys unknown) {

        /** The usual form. */
        public static Rootfs layers(List<Digest> diffIds) {
            var texts = diffIds.stream().map(Digest::toString).toList();
            return new Rootfs(Slice.of(texts), "layers", new UnknownKeys(Map.of()));
        }
    }
}
