package dev.patchbay.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.limits.Seccomp;
import dev.patchbay.plugin.GoJson;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RuntimeSpecTest {

    private static final PluginPaths PATHS = new PluginPaths(Path.of("/root/p/rootfs"), Path.of("/exec/p"),
            Path.of("/root/p/propagated-mount"));

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"minimal", "volume", "everything"})
    void isTheOneOnFile(String name) throws IOException {
        InstalledPlugin plugin = plugin(resource(name + ".config.json"));
        assertThat(pretty(spec(plugin))).isEqualTo(resource(name + ".spec.json").strip());
    }

    @Test
    void takesWhatAHostAddsAndChangesNothingElse() throws IOException {
        InstalledPlugin plugin = plugin(resource("minimal.config.json"));
        RuntimeSpec plain = spec(plugin);
        RuntimeSpec added = SpecAddition.variable("PATH", "/bin")
                .to(SpecAddition.variable("A", "b=c")
                        .to(
                                SpecAddition.bind("/run/metrics.sock", "/run/docker/metrics.sock")
                                        .to(plain, plugin),
                                plugin),
                        plugin);
        JsonNode tree = GoJson.read(added.json().getBytes(UTF_8));
        assertThat(tree.at("/process/env").valueStream().map(JsonNode::stringValue))
                .endsWith("A=b=c", "PATH=/bin")
                .filteredOn(variable -> variable.startsWith("PATH="))
                .hasSize(1);
        JsonNode mount = tree.at("/mounts").get(tree.at("/mounts").size() - 1);
        assertThat(mount.at("/source").stringValue()).isEqualTo("/run/metrics.sock");
        assertThat(mount.at("/options").valueStream().map(JsonNode::stringValue)).containsExactly("rbind",
                "ro");
        assertThat(added.bindSources()).endsWith(Path.of("/run/metrics.sock"));
        assertThat(plain.changed(_ -> {})).isEqualTo(plain);
        assertThat(spec(plugin)).isEqualTo(plain);
    }

    @Test
    void whoCollectsMetricsSeesTheFolderOfTheirSocketBelowThatOfItsOwn() {
        String config = "{'interface':{'types':['docker.metricscollector/1.0']}}";
        var options = new SpecOptions("1.0.2", "/patchbay", Optional.of(Path.of("/exec/metrics")),
                PluginLimits.NONE);
        RuntimeSpec collects = RuntimeSpec.of(plugin(config), PATHS, options, FakeHost.USUAL);
        JsonNode mounts = GoJson.read(collects.json().getBytes(UTF_8)).get("mounts");
        int last = mounts.size() - 1;
        assertThat(texts(mounts, "destination")).endsWith("/run/docker", "/run/docker/plugins");
        assertThat(mounts.get(last - 1).get("source").stringValue()).isEqualTo("/exec/metrics");
        // What is mounted in it next must not be mounted on the host, and so for all other collectors.
        assertThat(mounts.get(last - 1).get("options").valueStream().map(JsonNode::stringValue))
                .containsExactly("bind", "ro", "rprivate");
        String others = RuntimeSpec.of(plugin("{}"), PATHS, options, FakeHost.USUAL).json();
        assertThat(others).doesNotContain("/exec/metrics");
    }

    @Test
    @DisplayName("a plugin that asks for /dev/fuse gets it: its rule comes after the default refusal")
    void allowsFuseAfterTheDefaultRefusal() {
        JsonNode rules = tree("{'linux':{'devices':[{'path':'/dev/fuse'}]}}").at("/linux/resources/devices");
        JsonNode last = rules.get(rules.size() - 1);
        assertThat(last.get("allow").booleanValue()).isTrue();
        assertThat(last.get("minor").intValue()).isEqualTo(229);
        assertThat(rules.get(rules.size() - 2).get("allow").booleanValue()).isFalse();
        assertThat(rules.get(rules.size() - 2).get("minor").intValue()).isEqualTo(229);
    }

    @Test
    void listsADeviceOnceHoweverOftenItIsAskedFor() {
        JsonNode devices = tree("{'linux':{'devices':[{'path':'/dev/x'},{'path':'/dev/x/sda'}]}}")
                .at("/linux/devices");
        assertThat(texts(devices, "path")).containsExactly("/dev/x/sda", "/dev/x/pipe");
    }

    @Test
    @DisplayName("D61: a device without path is one clear error")
    void refusesADeviceWithoutPathD61() {
        refuses("{'linux':{'devices':[{'name':'d'}]}}",
                "device path is not specified: the device \"d\" needs an absolute one");
        refuses("{'linux':{'devices':[{'name':'d','path':''}]}}",
                "device path is not specified: the device \"d\" needs an absolute one");
    }

    @Test
    void refusesAMountWithoutSource() {
        String message = "mount source is not specified: the mount \"m\" on /d needs one";
        refuses("{'mounts':[{'name':'m','destination':'/d','type':'tmpfs'}]}", message);
        refuses("{'mounts':[{'name':'m','destination':'/d','type':'bind','source':''}]}", message);
    }

    @Test
    @DisplayName("D62: mounts below /dev replace the default ones, wherever they are in the list and however many")
    void replacesDefaultMountsD62() {
        JsonNode mounts = tree("""
                {'mounts':[{'destination':'/x','source':'/x','type':'bind'},
                           {'destination':'/dev/shm','source':'/s','type':'bind'},
                           {'destination':'/dev/mqueue/','source':'/q','type':'bind'}]}""").get("mounts");
        assertThat(texts(mounts, "destination")).containsExactly("/proc", "/dev", "/dev/pts", "/sys",
                "/sys/fs/cgroup",
                "/x", "/dev/shm", "/dev/mqueue/", RuntimeSpec.EXEC_MOUNT);
        assertThat(texts(mounts, "source")).contains("/s", "/q").doesNotContain("shm", "mqueue");
    }

    @Test
    @DisplayName("D63: describing a plugin changes nothing, so it can be done twice")
    void isAPureFunctionD63() throws IOException {
        InstalledPlugin plugin = plugin(resource("everything.config.json"));
        String before = GoJson.PLAIN.write(PluginJson.tree(plugin)).length + spec(plugin).json();
        assertThat(GoJson.PLAIN.write(PluginJson.tree(plugin)).length + spec(plugin).json())
                .isEqualTo(before);
    }

    @Test
    @DisplayName("D64: the process runs as the user of the configuration")
    void honoursTheUserD64() {
        JsonNode process = tree("{'user':{'uid':7,'gid':8},'linux':{'capabilities':['CAP_SYS_ADMIN']}}")
                .get("process");
        assertThat(process.at("/user/uid").intValue()).isEqualTo(7);
        assertThat(process.at("/user/gid").intValue()).isEqualTo(8);
        assertThat(strings(process.at("/capabilities/ambient"))).containsExactly("CAP_SYS_ADMIN");
        assertThat(tree("{'linux':{'capabilities':['CAP_SYS_ADMIN']}}").at("/process/capabilities")
                .has("ambient"))
                .isFalse();
    }

    @Test
    @DisplayName("D64: hardening is there for those who ask for it")
    void hardensOnRequestD64() {
        var limits = new PluginLimits(OptionalLong.of(8 << 20), OptionalLong.of(1_500_000_000),
                OptionalLong.of(50),
                true, true, new Seccomp.Custom("{\"defaultAction\":\"SCMP_ACT_ALLOW\"}"));
        var options = new SpecOptions("1.0.2", "/own", Optional.empty(), limits);
        RuntimeSpec spec = RuntimeSpec.of(plugin("{}"), PATHS, options, FakeHost.USUAL);
        JsonNode tree = GoJson.read(spec.json().getBytes(UTF_8));
        assertThat(tree.at("/process/noNewPrivileges").booleanValue()).isTrue();
        assertThat(tree.at("/root/readonly").booleanValue()).isTrue();
        assertThat(tree.at("/linux/seccomp/defaultAction").stringValue()).isEqualTo("SCMP_ACT_ALLOW");
        assertThat(tree.at("/linux/resources/memory/limit").longValue()).isEqualTo(8 << 20);
        assertThat(tree.at("/linux/resources/cpu").toString())
                .isEqualTo("{\"quota\":150000,\"period\":100000}");
        assertThat(tree.at("/linux/resources/pids/limit").longValue()).isEqualTo(50);
        assertThat(tree.at("/linux/cgroupsPath").stringValue()).isEqualTo("/own/" + "a".repeat(64));
    }

    @ParameterizedTest(name = "the kernel counts swap: {0}")
    @CsvSource({"true, 8388608", "false, 0"})
    void limitsMemoryAndSwapTogetherWhereTheKernelCountsSwap(boolean counted, long swap) {
        var limits = new LimitOverrides(OptionalLong.of(8 << 20), OptionalLong.empty(), OptionalLong.empty(),
                Optional.empty(), Optional.empty(), Optional.empty()).over(PluginLimits.NONE);
        var host = new FakeHost(FakeHost.USUAL.known(), List.of(), counted);
        var spec = RuntimeSpec.of(plugin("{}"), PATHS, SpecOptions.DEFAULT.with(limits), host);
        JsonNode memory = GoJson.read(spec.json().getBytes(UTF_8)).at("/linux/resources/memory");
        assertThat(memory.path("limit").longValue()).isEqualTo(8 << 20);
        assertThat(memory.path("swap").asLong(0)).isEqualTo(swap);
    }

    @Test
    void givesTheBuiltinProfileWhatThePluginsCapabilitiesAreGoodFor() {
        var options = SpecOptions.DEFAULT.with(new LimitOverrides(OptionalLong.empty(), OptionalLong.empty(),
                OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.of(new Seccomp.Builtin()))
                .over(PluginLimits.NONE));
        assertThat(RuntimeSpec.of(plugin("{}"), PATHS, options, FakeHost.USUAL).json())
                .doesNotContain("\"mount\",", "\"reboot\"");
        assertThat(
                RuntimeSpec.of(plugin("{'linux':{'capabilities':['CAP_SYS_ADMIN','CAP_SYS_BOOT']}}"), PATHS,
                        options, FakeHost.USUAL).json())
                .contains("\"mount\",", "\"reboot\"");
    }

    @Test
    @DisplayName("D64: nothing is limited that Docker does not limit")
    void limitsNothingOfItsOwnAccordD64() {
        JsonNode tree = tree("{}");
        assertThat(tree.at("/process").has("noNewPrivileges")).isFalse();
        assertThat(tree.at("/root/readonly").booleanValue()).isFalse();
        assertThat(tree.at("/linux").has("seccomp")).isFalse();
        assertThat(tree.at("/linux/resources").propertyNames()).containsExactly("devices");
    }

    @ParameterizedTest(name = "network {0}")
    @CsvSource({"'', true, false", "null, true, true", "bridge, true, true", "none, true, true",
            "host, false, true"})
    @DisplayName("D65, D66: every network but the host's is an empty namespace of its own; there is no time namespace")
    void isolatesTheNetworkD66(String type, boolean isolated, boolean hostFiles) {
        JsonNode tree = tree("{'network':{'type':'" + type + "'}}");
        List<String> namespaces = texts(tree.at("/linux/namespaces"), "type");
        assertThat(namespaces.contains("network")).isEqualTo(isolated);
        assertThat(namespaces).doesNotContain("time")
                .startsWith("mount")
                .containsSubsequence("uts", "pid", "ipc");
        assertThat(texts(tree.get("mounts"), "destination").contains("/etc/resolv.conf"))
                .isEqualTo(hostFiles);
    }

    @Test
    void namesEachVariableAndCapabilityOnce() {
        JsonNode process = tree("""
                {'env':[{'name':'PATH','value':'/own'},{'name':'A','value':'1=2'}],
                 'linux':{'capabilities':['CAP_KILL','CAP_BPF','CAP_BPF']}}""").get("process");
        assertThat(strings(process.get("env"))).containsExactly("PATH=/own", "A=1=2");
        assertThat(strings(process.at("/capabilities/bounding"))).doesNotHaveDuplicates()
                .hasSize(15)
                .endsWith("CAP_BPF");
        assertThat(strings(process.at("/capabilities/inheritable"))).containsExactly("CAP_KILL", "CAP_BPF");
    }

    @Test
    void showsTheMetricsSocketToCollectorsOnly() {
        var options = new SpecOptions("1.0.2", "/p", Optional.of(Path.of("/run/m.sock")),
                PluginLimits.NONE);
        String collector = "{'interface':{'types':['docker.metricscollector/1.0']}}";
        assertThat(RuntimeSpec.of(plugin(collector), PATHS, options, FakeHost.USUAL).bindSources())
                .containsExactly(Path.of("/run/m.sock"));
        assertThat(RuntimeSpec.of(plugin("{}"), PATHS, options, FakeHost.USUAL).bindSources()).isEmpty();
        assertThat(spec(plugin(collector)).bindSources()).isEmpty();
    }

    @Test
    void listsTheHostPathsThatMustExist() {
        RuntimeSpec spec = spec(plugin("""
                {'propagatedMount':'/mnt','network':{'type':'host'},
                 'mounts':[{'destination':'/d','source':'/s','options':['rbind']},
                           {'destination':'/t','source':'x','type':'tmpfs'}]}"""));
        assertThat(spec.bindSources())
                .containsExactly(Path.of("/s"), Path.of("/etc/hosts"), Path.of("/etc/resolv.conf"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/mnt", "/../../etc", "../../etc", "..", "/mnt/../../../etc", "/proc/1/root/etc"})
    @DisplayName("D39: what the host shows at a propagated mount is the plugin's own folder, wherever its path leads")
    void bindsItsOwnFolderAsPropagatedMountD39(String path) {
        JsonNode mounts = tree("{'propagatedMount':'" + path + "','network':{'type':'none'}}").get("mounts");
        List<String> sources = StreamSupport.stream(mounts.spliterator(), false)
                .filter(mount -> mount.get("options")
                        .valueStream()
                        .anyMatch(o -> o.stringValue().equals("rbind")))
                .map(mount -> mount.get("source").stringValue())
                .toList();
        assertThat(sources).containsExactly(PATHS.propagatedMount().toString(),
                PATHS.execDirectory().toString(),
                "/etc/hosts", "/etc/resolv.conf");
        assertThat(spec(plugin("{'propagatedMount':'" + path + "'}")).bindSources()).isEmpty();
    }

    @Test
    @DisplayName("D56: the user's source is mounted, not the published one")
    void mountsWhatTheUserSetD56() {
        InstalledPlugin plugin = plugin(
                """
                {'mounts':[{'name':'m','destination':'/d','source':'/s','type':'bind','settable':['source']}]}""");
        Settings changed = plugin.settings().apply(plugin.config(), List.of("m=/other"));
        assertThat(spec(plugin.withSettings(changed)).bindSources()).containsExactly(Path.of("/other"));
    }

    private static RuntimeSpec spec(InstalledPlugin plugin) {
        return RuntimeSpec.of(plugin, PATHS, SpecOptions.DEFAULT, FakeHost.USUAL);
    }

    private static JsonNode tree(String config) {
        return GoJson.read(spec(plugin(config)).json().getBytes(UTF_8));
    }

    private static InstalledPlugin plugin(String json) {
        PluginConfig config = PluginJson.config(json.replace('\'', '"').getBytes(UTF_8));
        return new InstalledPlugin(config, true, new PluginId("a".repeat(64)), PluginName.parse("p"), "p",
                Settings.initial(config));
    }

    private static void refuses(String config, String message) {
        assertThatThrownBy(() -> spec(plugin(config))).isInstanceOf(InvalidSpecException.class)
                .hasMessage(message);
    }

    private static List<String> texts(JsonNode list, String key) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(node -> node.get(key).stringValue())
                .toList();
    }

    private static List<String> strings(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::stringValue).toList();
    }

    private static String pretty(RuntimeSpec spec) {
        return GoJson.read(spec.json().getBytes(UTF_8)).toPrettyString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(RuntimeSpecTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
