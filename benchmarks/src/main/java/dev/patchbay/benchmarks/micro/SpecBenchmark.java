package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.oci.LinuxHost;
import dev.patchbay.oci.PluginPaths;
import dev.patchbay.oci.RuntimeSpec;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How long does it take to write the OCI runtime spec of the sample plugin, beside what many do instead: read a ready one as a
 * tree, as {@code runc spec} leaves it, change what is the plugin's own, and write it?
 *
 * <p>The tree of the other way is as large as ours; it asks nobody about devices or mounts.
 */
@Question("How long does writing a runtime spec take?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class SpecBenchmark {
    private static final PluginId ID = new PluginId("0123456789abcdef".repeat(4));

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final PluginPaths paths = new PluginPaths(Path.of("/var/lib/plugins/rootfs"),
            Path.of("/run/plugins/x"),
            Path.of("/var/lib/plugins/propagated-mount"));
    private @Nullable InstalledPlugin plugin;
    private byte[] ready = {};

    /** Reads the sample's configuration, and writes the ready spec. */
    @Setup(Level.Trial)
    public void read() throws IOException {
        var config = PluginJson.config(Built.sample().sampleConfig());
        plugin = new InstalledPlugin(config, false, ID, PluginName.parse("sample"), "sample",
                Settings.initial(config));
        ready = spec().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes it from the plugin. */
    @Benchmark
    @Beside("readyTree")
    public String spec() {
        return RuntimeSpec.of(Objects.requireNonNull(plugin), paths, SpecOptions.DEFAULT, new LinuxHost())
                .json();
    }

    /** Changes the ready one. */
    @Benchmark
    public String readyTree() {
        var tree = (ObjectNode) mapper.readTree(ready);
        tree.withObject("/root").put("path", paths.rootfs().toString());
        tree.withArray("/process/env").removeAll().add("PATH=/usr/bin").add("SAMPLE_GREETING=hello");
        tree.withArray("/process/args").removeAll().add("/sample-plugin");
        return new String(mapper.writeValueAsBytes(tree), StandardCharsets.UTF_8);
    }
}
