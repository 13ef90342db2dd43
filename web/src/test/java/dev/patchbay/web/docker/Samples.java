package dev.patchbay.web.docker;

import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Settings;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.Route;
import dev.patchbay.web.feed.EventHub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Values that tests of this package start from. */
final class Samples {
    static final EngineInfo INFO = new EngineInfo("0.1.0",
            new EngineInfo.Build("abc1234", "2026-11-01T00:00:00Z"),
            new EngineInfo.Setup(Path.of("/var/lib/patchbay/plugins"),
                    new EngineInfo.Runtimes("runc", List.of("runc", "crun")),
                    new EngineInfo.Registries(List.of("10.0.0.0/8", "registry.lan:5000"),
                            List.of("https://mirror.example/hub")),
                    false),
            new HostFacts("host", "6.18.0", "Debian GNU/Linux 12 (bookworm)", "amd64", "x86_64", 2,
                    1L << 30, "1"));

    static final Duration SLOW_TIMEOUT = Duration.ofSeconds(15);

    static final String CONFIG = """
            {"Description":"A sample <plugin> & more","Entrypoint":["/bin/p"],
             "Interface":{"Types":["docker.volumedriver/1.0"],"Socket":"p.sock"},
             "Network":{"Type":"host"},"PropagatedMount":"/data",
             "Env":[{"Name":"DEBUG","Settable":["value"],"Value":"0"}],
             "Mounts":[{"Name":"m","Source":"/tmp","Destination":"/x","Type":"bind","Options":["rbind"],
                        "Settable":["source"]}],
             "Linux":{"Capabilities":["CAP_SYS_ADMIN"],"Devices":[{"Name":"d","Path":"/dev/fuse"}]}}
            """;

    private Samples() {}

    static List<Route> routes(FakePlugins plugins) {
        return routes(plugins, new EventHub(plugins), Schedulers.parallel());
    }

    static List<Route> routes(FakePlugins plugins, Volumes volumes) {
        return routes(plugins, volumes, new EventHub(plugins), Schedulers.parallel());
    }

    static List<Route> routes(FakePlugins plugins, EventHub hub, Scheduler timers) {
        return routes(plugins, Volumes.none(), hub, timers);
    }

    private static List<Route> routes(FakePlugins plugins, Volumes volumes, EventHub hub, Scheduler timers) {
        return DockerApi.routes(plugins, volumes, hub, new LoginRegistry(),
                new DockerConfig(INFO, SLOW_TIMEOUT,
                        Clock.fixed(FakePlugins.NOW, ZoneOffset.UTC), timers));
    }

    static PluginConfig config(String json) {
        return PluginJson.config(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A plugin whose id is a digit 64 times. */
    static InstalledPlugin plugin(String name, char digit) {
        PluginConfig config = config(CONFIG);
        return new InstalledPlugin(config, false, new PluginId(String.valueOf(digit).repeat(64)),
                PluginName.parse(name), "docker.io/" + PluginName.parse(name).familiar(),
                Settings.initial(config));
    }

    static PluginView stopped(InstalledPlugin plugin) {
        return new PluginView(plugin, status(Status.State.STOPPED));
    }

    static PluginView crashed(InstalledPlugin plugin) {
        Instant next = FakePlugins.NOW.plusSeconds(1);
        return new PluginView(plugin, new Status(Status.State.BACKING_OFF, FakePlugins.NOW, 3, 2,
                Optional.of(new ExitStatus.Signaled(9, true)), List.of("no memory", "bye"),
                Optional.of("was killed by signal 9 (out of memory)"), Optional.of(next)));
    }

    private static Status status(Status.State state) {
        return new Status(state, FakePlugins.NOW, 0, 0, Optional.empty(), List.of(), Optional.empty(),
                Optional.empty());
    }
}
