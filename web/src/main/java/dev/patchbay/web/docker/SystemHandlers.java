package dev.patchbay.web.docker;

import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.plugin.GoJson;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Clock;
import java.util.List;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The routes about the engine itself. */
final class SystemHandlers {
    private final Plugins plugins;
    private final EngineInfo info;
    private final Clock clock;

    SystemHandlers(Plugins plugins, EngineInfo info, Clock clock) {
        this.plugins = plugins;
        this.info = info;
        this.clock = clock;
    }

    Mono<Reply> ping(Exchange exchange) {
        String body = exchange.target().method().equals(HttpMethod.HEAD) ? "" : "OK";
        return Mono.just(ApiEdge.text(200, body)
                .with("Cache-Control", "no-cache, no-store, must-revalidate")
                .with("Pragma", "no-cache")
                .with("Swarm", "inactive"));
    }

    Mono<Reply> version(Exchange exchange) {
        return Mono.just(Reply.json(200, GoJson.PLAIN.writeLine(versionTree())));
    }

    private ObjectNode versionTree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.putObject("Platform").put("Name", "Patchbay");
        ObjectNode engine = tree.putArray("Components").addObject();
        engine.put("Name", "Engine").put("Version", info.version());
        engine.putObject("Details") // strings, all of them
                .put("ApiVersion", ApiVersion.MAX.text())
                .put("Arch", info.host().architecture())
                .put("BuildTime", info.build().time())
                .put("Experimental", "false")
                .put("GitCommit", info.build().commit())
                .put("GoVersion", "none, Java " + Runtime.version().feature())
                .put("KernelVersion", info.host().kernel())
                .put("MinAPIVersion", ApiVersion.MIN.text())
                .put("Os", "linux");
        return tree.put("Version", info.version())
                .put("ApiVersion", ApiVersion.MAX.text())
                .put("MinAPIVersion", ApiVersion.MIN.text())
                .put("GitCommit", info.build().commit())
                .put("GoVersion", "none, Java " + Runtime.version().feature())
                .put("Os", "linux")
                .put("Arch", info.host().architecture())
                .put("KernelVersion", info.host().kernel())
                .put("BuildTime", info.build().time());
    }

    /**
     * The engine for people. Unlike Docker's, the lists of volume and log drivers name the enabled plugins of that kind:
     * there are no built-in ones that they could be confused with.
     */
    Mono<Reply> info(Exchange exchange) {
        return plugins.list(PluginFilter.ALL)
                .collectList()
                .map((List<PluginView> views) -> Reply.json(200, GoJson.PLAIN.writeLine(infoTree(views))));
    }

    private ObjectNode infoTree(List<PluginView> views) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("ID", "").put("Containers", 0).put("ContainersRunning", 0);
        tree.put("ContainersPaused", 0).put("ContainersStopped", 0).put("Images", 0);
        tree.put("Driver", "").set("DriverStatus", JsonNodeFactory.instance.arrayNode());
        ObjectNode drivers = tree.putObject("Plugins");
        enabled(drivers.putArray("Volume"), views, "volumedriver");
        enabled(drivers.putArray("Network"), views, "networkdriver");
        enabled(drivers.putArray("Authorization"), views, "authz");
        enabled(drivers.putArray("Log"), views, "logdriver");
        putAbilities(tree);
        putHost(tree);
        tree.set("RegistryConfig", RegistriesJson.tree(info.setup().registries()));
        putRuntimes(tree);
        tree.put("ServerVersion", info.version()).put("LiveRestoreEnabled", info.setup().liveRestore());
        tree.put("DockerRootDir", info.setup().root().toString()).put("ExperimentalBuild", false);
        tree.putObject("Swarm")
                .put("NodeID", "")
                .put("LocalNodeState", "inactive")
                .put("ControlAvailable", false);
        tree.putArray("SecurityOptions");
        tree.putArray("Warnings");
        return tree;
    }

    private static void enabled(ArrayNode names, List<PluginView> views, String capability) {
        views.stream()
                .map(PluginView::plugin)
                .filter(plugin -> plugin.enabled() && plugin.config().providesCapability(capability))
                .forEach(plugin -> names.add(plugin.name().familiar()));
    }

    /** Abilities of containers, all claimed: for those that are not, clients print warnings about containers. */
    private static void putAbilities(ObjectNode tree) {
        for (String ability : List.of("MemoryLimit", "SwapLimit", "CpuCfsPeriod", "CpuCfsQuota", "CPUShares",
                "CPUSet",
                "PidsLimit", "IPv4Forwarding", "OomKillDisable", "BridgeNfIptables", "BridgeNfIp6tables")) {
            tree.put(ability, true);
        }
        tree.put("Debug", false).put("NFd", 0).put("NGoroutines", 0).put("NEventsListener", 0);
    }

    private void putHost(ObjectNode tree) {
        HostFacts host = info.host();
        tree.put("SystemTime", clock.instant().toString()).put("Name", host.name());
        tree.put("KernelVersion", host.kernel()).put("OperatingSystem", host.system()).put("OSType", "linux");
        tree.put("Architecture", host.machine()).put("NCPU", host.cpus()).put("MemTotal", host.memoryBytes());
        tree.put("LoggingDriver", "")
                .put("CgroupDriver", "cgroupfs")
                .put("CgroupVersion", host.cgroupVersion());
    }

    private void putRuntimes(ObjectNode tree) {
        ObjectNode runtimes = tree.putObject("Runtimes");
        info.setup().runtimes().all().forEach(name -> runtimes.putObject(name).put("path", name));
        tree.put("DefaultRuntime", info.setup().runtimes().standard());
    }
}
