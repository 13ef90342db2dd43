package dev.patchbay.web.v1;

import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.UncalledClient;
import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.LogLine;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.LimitsJson;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Settings;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values for tests. */
final class Samples {
    static final PluginId ID = new PluginId("ab".repeat(32));
    static final PluginId OTHER_ID = new PluginId("cd".repeat(32));
    static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private static final String CONFIG = """
            {"Description":"all there is","Documentation":"https://example.org","Entrypoint":["/p"],"WorkDir":"/w",
             "User":{"UID":7,"GID":8},"Network":{"Type":"host"},"IpcHost":true,"PidHost":false,"PropagatedMount":"/m",
             "Interface":{"Socket":"p.sock","Types":["docker.volumedriver/1.0"]},
             "Linux":{"AllowAllDevices":false,"Capabilities":["CAP_SYS_ADMIN"],
              "Devices":[{"Name":"fuse","Description":"","Path":"/dev/fuse","Settable":["path"]}]},
             "Env":[{"Name":"DEBUG","Description":"noise","Value":"0","Settable":["value"]},{"Name":"UNSET"}],
             "Args":{"Name":"args","Description":"","Settable":["value"],"Value":["-v"]},
             "Mounts":[{"Name":"data","Description":"","Settable":["source"],"Source":"/srv","Destination":"/data",
              "Type":"bind","Options":["rbind","ro"]},{"Name":"none","Type":"tmpfs","Destination":"/tmp"}],
             "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
            """.formatted("0".repeat(64));

    private static final LimitOverrides LIMITED = LimitsJson.read("""
            {"memoryBytes":67108864,"cpus":0.5,"pids":0,"readOnlyRootfs":true,
             "seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}}""".getBytes(StandardCharsets.UTF_8));

    private Samples() {}

    static PluginView plugin(PluginId id, String name, Status status) {
        PluginConfig config = PluginJson.config(CONFIG.getBytes(StandardCharsets.UTF_8));
        return new PluginView(
                new InstalledPlugin(config, true, id, PluginName.parse(name), name, Settings.initial(config)),
                status, id.equals(OTHER_ID) ? Optional.of("docker.io/org/other:1") : Optional.empty(),
                id.equals(OTHER_ID)
                        ? Holders.of(List.of(Holder.durable("volume-db", "volume db")))
                        : Holders.NONE,
                id.equals(OTHER_ID) ? LIMITED : LimitOverrides.NONE,
                id.equals(OTHER_ID) ? LIMITED.over(PluginLimits.NONE) : PluginLimits.NONE);
    }

    static PluginUse use() {
        return new PluginUse(Optional.of(ID), "sample:latest", InterfaceType.asked("volumedriver"), 3,
                new UncalledClient());
    }

    static PluginView plugin() {
        return plugin(ID, "sample", running());
    }

    static Status running() {
        return new Status(
                Status.State.RUNNING,
                NOON,
                3,
                0,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    static Status backingOff(ExitStatus exit) {
        return new Status(
                Status.State.BACKING_OFF,
                NOON,
                4,
                2,
                Optional.of(exit),
                List.of("no such device"),
                Optional.of("it exited with code 3"),
                Optional.of(NOON.plusMillis(400)));
    }

    static PluginEvent event(long seq) {
        return event(seq, EventType.ENABLE, ID, "sample:latest");
    }

    static PluginEvent event(long seq, EventType type, PluginId id, String name) {
        return new PluginEvent(
                new Cursor(ScriptedPlugins.EPOCH, seq), NOON.plusSeconds(seq), type, Optional.of(id), name,
                List.of(), 3, Actor.ENGINE,
                Map.of("k", "v"));
    }

    /** One that is long. */
    static PluginEvent big(long seq) {
        PluginEvent event = event(seq);
        return new PluginEvent(event.cursor(), event.time(), event.type(), event.plugin(), event.name(),
                event.types(), 1, event.actor(), Map.of("reason", "x".repeat(1000)));
    }

    static LogLine line(String text) {
        return new LogLine(ID, NOON, LogLine.Stream.STDOUT, text);
    }
}
