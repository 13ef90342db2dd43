package dev.patchbay.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final PluginConfig CONFIG = read("""
            {"args":{"name":"args","settable":["value"],"value":["-v","x"]},
             "env":[{"name":"DEBUG","settable":["value"],"value":"0"},{"name":"FIXED","value":"1"},
                    {"name":"UNSET","settable":["value"]},{"name":"dotted.name","settable":["value"],"value":"d"},
                    {"name":"a","settable":["value"],"value":""},{"name":"a.value","settable":["value"],"value":""},
                    {"name":"odd","settable":["name"],"value":""},{"name":"many","settable":["value","name"]}],
             "mounts":[{"name":"m","source":"/m","destination":"/x","type":"bind","settable":["source"]},
                       {"name":"nosource","destination":"/y","settable":["source"]},
                       {"name":"t","source":"tmpfs","type":"tmpfs","destination":"/z","settable":["source"]}],
             "linux":{"devices":[{"name":"d","path":"/dev/fuse","settable":["path"]},
                                 {"name":"nopath","settable":["path"]}]}}""");

    private static final Settings INITIAL = Settings.initial(CONFIG);

    @Test
    void startWithWhatWasPublished() {
        assertThat(INITIAL.args()).containsExactly("-v", "x");
        assertThat(INITIAL.env()).containsExactly("DEBUG=0", "FIXED=1", "dotted.name=d", "a=", "a.value=",
                "odd=");
        assertThat(INITIAL.mounts()).isEqualTo(CONFIG.mounts().items());
        assertThat(INITIAL.devices()).isEqualTo(CONFIG.linux().devices().items());
    }

    @Test
    void doNotShowTheirValuesInTexts() {
        Settings secret = INITIAL.apply(CONFIG,
                List.of("DEBUG=hunter2", "args=hunter2", "m.source=/hunter2"));

        assertThat(secret.toString()).contains("env=6").doesNotContain("hunter2");
    }

    @ParameterizedTest(name = "{0} leaves {1}")
    @CsvSource({"DEBUG=1, DEBUG=1", "DEBUG.value=1, DEBUG=1", "DEBUG, DEBUG=", "DEBUG=, DEBUG=",
            "DEBUG=a=b, DEBUG=a=b",
            "UNSET=x, UNSET=x", "many.value=x, many=x"})
    void setVariables(String assignment, String entry) {
        assertThat(set(assignment).env()).contains(entry);
    }

    @Test
    void keepTheOrderOfVariablesAndAppendNewOnes() {
        assertThat(INITIAL.apply(CONFIG, List.of("UNSET=u", "DEBUG=1")).env())
                .containsExactly("DEBUG=1", "FIXED=1", "dotted.name=d", "a=", "a.value=", "odd=", "UNSET=u");
    }

    @Test
    void setArguments() {
        assertThat(set("args=a  b").args()).containsExactly("a", "", "b");
        assertThat(set("args.value=").args()).containsExactly("");
    }

    @Test
    @DisplayName("D57: arguments may contain spaces, or be none at all")
    void setArgumentsWithSpacesD57() {
        assertThat(set("args.json=[\"a b\",\"c\"]").args()).containsExactly("a b", "c");
        assertThat(set("args.json=[]").args()).isEmpty();
        for (String bad : List.of("", "a", "[1]", "{}", "null", "[\"a\"] x", "[\"a\"],\"args\":[]")) {
            refuses("args.json=" + bad, "the value of \"args.json\" must be a JSON list of strings");
        }
    }

    @Test
    @DisplayName("D57: variables with dots can be set")
    void setDottedNamesD57() {
        assertThat(set("dotted.name=1").env()).contains("dotted.name=1");
        assertThat(set("dotted.name.value=2").env()).contains("dotted.name=2");
        assertThat(set("a.value=1").env()).contains("a=1", "a.value=");
        assertThat(set("a.value.value=1").env()).contains("a=", "a.value=1");
    }

    @Test
    @DisplayName("D57: variables can be taken out")
    void unsetVariablesD57() {
        assertThat(set("DEBUG.unset").env()).noneMatch(entry -> entry.startsWith("DEBUG"));
        assertThat(set("UNSET.unset").env()).isEqualTo(INITIAL.env());
        refuses("DEBUG.unset=", "\"DEBUG.unset\" takes no value");
        refuses("FIXED.unset", "\"FIXED.unset\" is not settable");
    }

    @Test
    @DisplayName("D56: setting a source or path changes the settings and leaves the configuration as published")
    void leaveTheConfigurationAloneD56() {
        Settings changed = INITIAL.apply(CONFIG, List.of("m=/other", "d.path=/dev/null", "t=x"));
        assertThat(changed.mounts().getFirst().source()).contains("/other");
        assertThat(changed.mounts().get(2).source()).contains("x");
        assertThat(changed.devices().getFirst().path()).contains("/dev/null");
        assertThat(CONFIG.mounts().items().getFirst().source()).contains("/m");
        assertThat(CONFIG.linux().devices().items().getFirst().path()).contains("/dev/fuse");
        assertThat(INITIAL.mounts().getFirst().source()).contains("/m");
    }

    @Test
    @DisplayName("D57: if one assignment fails, none is applied")
    void areChangedAsAWholeD57() {
        Settings before = Settings.initial(CONFIG);
        assertThatThrownBy(() -> before.apply(CONFIG, List.of("DEBUG=1", "m=/o", "nope=1")))
                .isInstanceOf(InvalidSettingException.class);
        assertThat(before).isEqualTo(INITIAL);
    }

    @Test
    void sayWhyNot() {
        refuses("nope", "setting \"nope\" not found in the plugin configuration");
        refuses("nope.value=1", "setting \"nope\" not found in the plugin configuration");
        refuses("nope.x=1", "setting \"nope.x\" not found in the plugin configuration");
        refuses("FIXED=1", "\"FIXED\" is not settable");
        refuses("DEBUG.path=1", "\"DEBUG.path\" is not settable");
        refuses("odd=1", "\"odd\" is not settable");
        refuses("many=1", "multiple fields are settable, one must be specified");
        refuses("nosource=/x", "plugin config has no mount source");
        refuses("nopath=/x", "plugin config has no device path");
        refuses("m=relative", "the value of \"m\" must be an absolute path");
        refuses("d=../x", "the value of \"d\" must be an absolute path");
        refuses("DEBUG=a\0b", "the value of \"DEBUG\" contains a zero byte");
        refuses("DEBUG=" + "x".repeat(131_072),
                "the value of \"DEBUG\" is longer than the 131071 bytes that Linux passes to a program");
    }

    @ParameterizedTest(name = "refuses {0}")
    @ValueSource(strings = {"", "=", "=value"})
    void needAName(String assignment) {
        refuses(assignment, "invalid format, must be <name>[.<field>][=<value>]");
    }

    @Test
    void takeTenThousandAssignmentsAndNoMore() {
        PluginConfig big = read(IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"name\":\"V" + i + "\",\"settable\":[\"value\"],\"value\":\"\"}")
                .collect(Collectors.joining(",", "{\"env\":[", "]}")));
        var assignments = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            assignments.add("V" + i + "=" + i);
        }
        Settings set = Settings.initial(big).apply(big, assignments);
        assertThat(set.env()).isEqualTo(assignments);
        assignments.add("V0=0");
        assertThatThrownBy(() -> set.apply(big, assignments))
                .hasMessage("more than 10000 settings in one call: 10001");
    }

    @Test
    void addADeviceThatAnOlderEngineForgotAtUpgrade() {
        var forgetful = new Settings(List.of(), List.of(), List.of(), List.of());
        assertThat(forgetful.apply(CONFIG, List.of("d=/dev/zero")).devices())
                .containsExactly(CONFIG.linux().devices().items().getFirst().withPath("/dev/zero"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endWithTheLastValueOfEachName(long seed) {
        var random = new Random(seed);
        var expected = new TreeMap<String, String>();
        INITIAL.env()
                .forEach(e -> expected.put(e.substring(0, e.indexOf('=')), e.substring(e.indexOf('=') + 1)));
        String[] names = {"DEBUG", "UNSET", "dotted.name", "a", "a.value"};
        var assignments = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            String name = names[random.nextInt(names.length)];
            String value = "v." + random.nextInt(100) + "=";
            if (random.nextInt(4) == 0) {
                assignments.add(name + ".unset");
                expected.remove(name);
            } else {
                assignments.add(name + ".value=" + value);
                expected.put(name, value);
            }
        }
        var actual = new TreeMap<String, String>();
        INITIAL.apply(CONFIG, assignments)
                .env()
                .forEach(e -> actual.put(e.substring(0, e.indexOf('=')), e.substring(e.indexOf('=') + 1)));
        assertThat(actual).isEqualTo(expected);
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    private static Settings set(String assignment) {
        return INITIAL.apply(CONFIG, List.of(assignment));
    }

    private static void refuses(String assignment, String message) {
        assertThatThrownBy(() -> INITIAL.apply(CONFIG, List.of(assignment)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(message);
    }

    private static PluginConfig read(String json) {
        return PluginJson.config(json.getBytes(UTF_8));
    }
}
