package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.json.JsonTrees;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Makes start requests for the bundled sample plugin, told by its environment what to do. */
final class SamplePlugin {
    /** The cgroup above those of all containers of this test run: a container's id is the same in each. */
    static final String CGROUP = "/patchbay-test-" + ProcessHandle.current().pid();

    private final Path work;
    private final Path execRoot;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private List<String> arguments = List.of("/sample-plugin");
    private Optional<Path> propagatedMount = Optional.empty();
    private long memoryLimit;
    private boolean mayMount;

    private SamplePlugin(Path work, Path execRoot) {
        this.work = work;
        this.execRoot = execRoot;
    }

    static SamplePlugin in(Path work, Path execRoot) {
        return new SamplePlugin(work, execRoot);
    }

    /** Where the build has put the sample plugin. */
    static Path built() {
        return Path.of(System.getProperty("patchbay.samplePlugin", "target/sample-plugin"));
    }

    SamplePlugin with(String name, Object value) {
        environment.put(name, value.toString());
        return this;
    }

    SamplePlugin running(String... command) {
        arguments = List.of(command);
        return this;
    }

    SamplePlugin sharing(Path folder) {
        propagatedMount = Optional.of(folder);
        mayMount = true;
        return this;
    }

    SamplePlugin limitedToBytes(long bytes) {
        memoryLimit = bytes;
        return this;
    }

    ContainerRequest request(PluginId plugin, int generation) {
        return new ContainerRequest(
                plugin, generation, spec(plugin).toString(), rootfs(), execRoot.resolve(plugin.hex()),
                propagatedMount);
    }

    private Path rootfs() {
        Path rootfs = work.resolve("rootfs");
        try {
            Files.createDirectories(rootfs.resolve("mnt/volumes"));
            Path program = rootfs.resolve("sample-plugin");
            if (!Files.exists(program)) {
                Files.copy(built().resolve("rootfs/sample-plugin"), program,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return rootfs;
    }

    private ObjectNode spec(PluginId plugin) {
        ObjectNode spec = JsonTrees.object().put("ociVersion", "1.0.2");
        process(spec.putObject("process"));
        spec.putObject("root").put("path", work.resolve("rootfs").toString());
        mounts(spec, plugin);
        ObjectNode linux = spec.putObject("linux");
        linux.put("cgroupsPath", CGROUP + "/" + plugin.hex());
        for (String namespace : List.of("mount", "network", "uts", "pid", "ipc")) {
            linux.withArray("namespaces").addObject().put("type", namespace);
        }
        if (memoryLimit > 0) {
            linux.putObject("resources")
                    .putObject("memory")
                    .put("limit", memoryLimit)
                    .put("swap", memoryLimit);
        }
        propagatedMount.ifPresent(_ -> linux.put("rootfsPropagation", "rshared"));
        return spec;
    }

    private void process(ObjectNode process) {
        process.putObject("user").put("uid", 0).put("gid", 0);
        arguments.forEach(process.putArray("args")::add);
        process.putArray("env").add("PATH=/bin");
        environment.forEach((name, value) -> process.withArray("env").add(name + "=" + value));
        process.put("cwd", "/");
        ObjectNode capabilities = process.putObject("capabilities");
        for (String set : List.of("bounding", "permitted", "effective")) {
            capabilities.putArray(set).add("CAP_KILL");
            if (mayMount) {
                capabilities.withArray(set).add("CAP_SYS_ADMIN");
            }
        }
    }

    private void mounts(ObjectNode spec, PluginId plugin) {
        mount(spec, "/proc", "proc", "proc", "nosuid");
        mount(spec, "/dev", "tmpfs", "tmpfs", "nosuid", "mode=755", "size=65536k");
        propagatedMount.ifPresent(
                it -> mount(spec, "/mnt/volumes", "bind", it.toString(), "rbind", "rw", "rshared"));
        String exec = execRoot.resolve(plugin.hex()).toString();
        mount(spec, "/run/docker/plugins", "bind", exec, "rbind", "rshared");
    }

    private static void mount(ObjectNode spec, String destination, String type, String source,
            String... options) {
        ObjectNode mount = spec.withArray("mounts").addObject();
        mount.put("destination", destination).put("type", type).put("source", source);
        List.of(options).forEach(mount.putArray("options")::add);
    }
}
