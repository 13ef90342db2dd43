package dev.patchbay.benchmarks.micro;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginJson;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long does it take to read a plugin's configuration, and to judge it, beside Jackson's databind reading the same fields
 * into records?
 *
 * <p>Databind is told to take keys in any case, as Docker does. It neither keeps keys that it does not know nor takes the last
 * of several with one name to be added to the first, nor says where a value of the wrong type is.
 */
@Question("How long does reading a configuration take?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class ConfigBenchmark {
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private byte[] json = {};

    record Bound(Args args, String description, String documentation, List<String> entrypoint, List<Env> env,
            @JsonProperty("interface") Api api, boolean ipcHost, Linux linux, List<Mount> mounts,
            Network network,
            boolean pidHost, String propagatedMount, User user, String workDir) {}

    record Args(String description, String name, List<String> settable, List<String> value) {}

    record Env(String description, String name, List<String> settable, String value) {}

    record Api(List<String> types, String socket, String protocolScheme) {}

    record Linux(boolean allowAllDevices, List<String> capabilities, List<Device> devices) {}

    record Device(String description, String name, String path, List<String> settable) {}

    record Mount(String description, String destination, String name, List<String> options,
            List<String> settable,
            String source, String type) {}

    record Network(String type) {}

    record User(int uid, int gid) {}

    /** Reads the sample's. */
    @Setup(Level.Trial)
    public void read() throws IOException {
        json = Built.sample().sampleConfig();
    }

    /** Reads it. */
    @Benchmark
    @Beside("databind")
    public PluginConfig decode() {
        return PluginJson.config(json);
    }

    /** Reads and judges it, as for a plugin that is new. */
    @Benchmark
    @Beside("databind")
    public CheckedConfig judge() {
        return CheckedConfig.parse(json);
    }

    /** Reads its fields. */
    @Benchmark
    public Object databind() {
        return mapper.readValue(json, Bound.class);
    }
}
