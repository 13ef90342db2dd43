package dev.patchbay.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a user's settings comes over to the next version of a plugin, and what is told to be lost. */
class CarryOverTest {
    private static final String SETTABLE = ",\"settable\":[\"value\"]";

    private static final PluginConfig OLD = read("""
            {"args":{"name":"args","settable":["value"],"value":["-v","x"]},
             "env":[{"name":"A","settable":["value"],"value":"0"},{"name":"B","settable":["value"],"value":"0"},
                    {"name":"NONE","settable":["value"]},{"name":"a.value","settable":["value"],"value":"0"}],
             "mounts":[{"name":"m","source":"/m","destination":"/x","type":"bind","settable":["source"]},
                       {"name":"t","source":"tmpfs","type":"tmpfs","destination":"/z","settable":["source"]}],
             "linux":{"devices":[{"name":"d","path":"/dev/fuse","settable":["path"]}]}}""");

    @Test
    void leavesWhatThePluginPublishesIfNothingWasChangedD17() {
        PluginConfig next = config("{\"name\":\"A\",\"value\":\"new\"},{\"name\":\"C\",\"value\":\"c\"}",
                "[\"-q\"]");

        CarriedSettings carried = Settings.initial(OLD).carriedOver(OLD, next);

        assertThat(carried.settings()).isEqualTo(Settings.initial(next));
        assertThat(carried.settings().env()).containsExactly("A=new", "C=c");
        assertThat(carried.dropped()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variables")
    void carriesVariables(String what, String set, String next, String expected, List<String> dropped) {
        Settings mine = Settings.initial(OLD).apply(OLD, assignments(set));

        CarriedSettings carried = mine.carriedOver(OLD, config(next, "[]"));

        assertThat(carried.settings().env()).isEqualTo(assignments(expected));
        assertThat(carried.dropped()).isEqualTo(dropped);
    }

    static Stream<Arguments> variables() {
        return Stream.of(
                arguments("the user's value wins over a new default", "A=1", env("A", "9"), "A=1", List.of()),
                arguments("in the new order", "B=1 A=2", env("A", "9") + "," + env("B", "9"), "A=2 B=1",
                        List.of()),
                arguments("set where there was no value", "NONE=1", env("NONE", ""), "NONE=1", List.of()),
                arguments("set where there is no value now", "A=1", "{\"name\":\"A\"" + SETTABLE + "}", "A=1",
                        List.of()),
                arguments("made empty", "A=", env("A", "9"), "A=", List.of()),
                arguments("with equals signs and spaces kept", "A=b=c=", env("A", "9"), "A=b=c=", List.of()),
                arguments("renamed", "A=1", env("AA", "9"), "AA=9", List.of("A")),
                arguments("no longer settable", "A=1", "{\"name\":\"A\",\"value\":\"9\"}", "A=9",
                        List.of("A")),
                arguments("no longer settable, but the same", "A=1", "{\"name\":\"A\",\"value\":\"1\"}",
                        "A=1",
                        List.of()),
                arguments("settable by another field only", "A=1",
                        "{\"name\":\"A\",\"value\":\"9\",\"settable\":[\"path\"]}", "A=9", List.of("A")),
                arguments("unset stays unset", "A.unset", env("A", "9") + "," + env("B", "9"), "B=9",
                        List.of()),
                arguments("unset and gone: nothing is lost", "A.unset", env("B", "9"), "B=9", List.of()),
                arguments("unset, but no longer settable", "A.unset", "{\"name\":\"A\",\"value\":\"9\"}",
                        "A=9",
                        List.of("A")),
                arguments("set back to the old default counts as unchanged", "A=1 A=0", env("A", "9"), "A=9",
                        List.of()),
                arguments("of two declarations the first says whether it is settable", "A=1",
                        env("A", "8") + ",{\"name\":\"A\",\"value\":\"9\"}", "A=1", List.of()),
                arguments("a name that looks like a field", "a.value.value=1",
                        env("a", "8") + "," + env("a.value", "9"),
                        "a=8 a.value=1", List.of()),
                arguments("now the name of a mount", "A=1 B=2", env("B", "9"), "B=2", List.of("A")));
    }

    @Test
    void carriesSourcesAndPaths() {
        Settings mine = Settings.initial(OLD).apply(OLD, List.of("m=/mine", "d=/dev/mine", "t=other"));
        PluginConfig next = read("""
                {"mounts":[{"name":"m","source":"/n","destination":"/y","type":"bind","settable":["source"]},
                           {"name":"t","source":"/t","destination":"/z","type":"bind","settable":["source"]}],
                 "linux":{"devices":[{"name":"d","path":"/dev/d","settable":[]}]}}""");

        CarriedSettings carried = mine.carriedOver(OLD, next);

        assertThat(carried.settings().mounts())
                .containsExactly(next.mounts().items().getFirst().withSource("/mine"),
                        next.mounts().items().get(1));
        assertThat(carried.settings().devices()).isEqualTo(next.linux().devices().items());
        assertThat(carried.dropped()).as("t is a path now, d is not settable").containsExactly("t", "d");
    }

    @Test
    void looksAtTheFirstOfSeveralMountsWithOneName() {
        PluginConfig twice = mounts("/a", "/b");
        Settings mine = Settings.initial(twice).apply(twice, List.of("m=/mine"));

        CarriedSettings carried = mine.carriedOver(twice, mounts("/c", "/d"));

        assertThat(carried.settings().mounts()).map(mount -> mount.source().orElse(""))
                .containsExactly("/mine", "/d");
        assertThat(carried.dropped()).isEmpty();
    }

    @Test
    void passesOverMountsWithoutAName() {
        PluginConfig unnamed = read(
                "{\"mounts\":[{\"name\":\"\",\"source\":\"/a\",\"destination\":\"/x\",\"type\":\"bind\"}]}");
        Settings odd = new Settings(List.of(), List.of(), List.of(),
                List.of(unnamed.mounts().items().getFirst().withSource("/b")));

        CarriedSettings carried = odd.carriedOver(unnamed, unnamed);

        assertThat(carried).isEqualTo(new CarriedSettings(Settings.initial(unnamed), List.of()));
    }

    @Test
    void doesNotTakeAFieldOfOneNameForAnotherName() {
        Settings mine = Settings.initial(OLD).apply(OLD, List.of("A=1"));

        CarriedSettings gone = mine.carriedOver(OLD, config(env("A.value", "9"), "[]"));
        CarriedSettings other = mine.carriedOver(OLD, read("{\"env\":[" + env("A.value", "9") + "]}"));

        assertThat(List.of(gone, other)).allSatisfy(carried -> {
            assertThat(carried.settings().env()).containsExactly("A.value=9");
            assertThat(carried.dropped()).containsExactly("A");
        });
    }

    @Test
    void doesNotMistakeANameWithAnEqualsSign() {
        PluginConfig odd = read(
                """
                {"env":[{"name":"A","settable":["value"],"value":"0"}],
                 "mounts":[{"name":"A=b","source":"/a","destination":"/x","type":"bind","settable":["source"]}]}""");
        Settings mine = new Settings(List.of(), List.of(), List.of("A=0"),
                List.of(odd.mounts().items().getFirst().withSource("/b")));

        CarriedSettings carried = mine.carriedOver(odd, odd);

        assertThat(carried).isEqualTo(new CarriedSettings(mine, List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lists")
    void carriesArguments(String what, List<String> mine, String next, List<String> expected,
            List<String> dropped) {
        Settings initial = Settings.initial(OLD);
        Settings settings = new Settings(mine, initial.devices(), initial.env(), initial.mounts());

        CarriedSettings carried = settings.carriedOver(OLD, read("{\"args\":" + next + "}"));

        assertThat(carried.settings().args()).isEqualTo(expected);
        assertThat(carried.dropped()).isEqualTo(dropped);
    }

    static Stream<Arguments> lists() {
        String settable = "{\"name\":\"args\",\"settable\":[\"value\"],\"value\":[\"-q\"]}";
        return Stream.of(
                arguments("unchanged", List.of("-v", "x"), settable, List.of("-q"), List.of()),
                arguments("changed", List.of("a b", "", "\"c"), settable, List.of("a b", "", "\"c"),
                        List.of()),
                arguments("taken out", List.of(), settable, List.of(), List.of()),
                arguments("no longer settable", List.of("a"), "{\"name\":\"args\",\"value\":[\"-q\"]}",
                        List.of("-q"),
                        List.of("args")),
                arguments("no longer settable, but the same", List.of("-q"),
                        "{\"name\":\"args\",\"value\":[\"-q\"]}",
                        List.of("-q"), List.of()),
                arguments("renamed", List.of("a"), settable.replace("\"args\"", "\"other\""), List.of("-q"),
                        List.of("args")));
    }

    @Test
    void takesSettingsThatDockerKeptFromAnEarlierVersionD17() {
        // Docker's upgrade left a variable that no configuration knows, and lacks the one that is new in OLD.
        var kept = new Settings(List.of("-v", "x"), List.of(), List.of("GONE=1", "A=0", "NONE"), List.of());

        CarriedSettings carried = kept.carriedOver(OLD, OLD);

        assertThat(carried.settings().env()).containsExactly("A=0", "NONE=");
        assertThat(carried.settings().mounts()).isEqualTo(OLD.mounts().items());
        assertThat(carried.settings().devices()).isEqualTo(OLD.linux().devices().items());
        assertThat(carried.dropped()).containsExactly("GONE");
    }

    @Test
    void tellsNamesAndNoValues() {
        Settings mine = Settings.initial(OLD).apply(OLD, List.of("A=hunter2", "m=/hunter2", "args=hunter2"));

        CarriedSettings carried = mine.carriedOver(OLD, read("{}"));

        assertThat(carried.dropped()).containsExactly("A", "m", "args");
        assertThat(carried.toString()).doesNotContain("hunter2");
    }

    private static List<String> assignments(String text) {
        return Arrays.asList(text.split(" ", -1));
    }

    private static String env(String name, String value) {
        return "{\"name\":\"" + name + "\",\"value\":\"" + value + "\"" + SETTABLE + "}";
    }

    private static PluginConfig config(String env, String args) {
        return read("{\"args\":{\"name\":\"args\",\"value\":" + args + "},\"env\":[" + env
                + "],\"mounts\":[{\"name\":\"A\","
                + "\"source\":\"/a\",\"destination\":\"/a\",\"type\":\"bind\",\"settable\":[\"source\"]}]}");
    }

    private static PluginConfig mounts(String... sources) {
        return read(Stream.of(sources)
                .map(source -> "{\"name\":\"m\",\"source\":\"" + source
                        + "\",\"destination\":\"/x\",\"type\":\"bind\",\"settable\":[\"source\"]}")
                .collect(java.util.stream.Collectors.joining(",", "{\"mounts\":[", "]}")));
    }

    private static PluginConfig read(String json) {
        return PluginJson.config(json.getBytes(UTF_8));
    }
}
