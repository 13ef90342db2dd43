package dev.patchbay.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceTypeTest {

    @ParameterizedTest(name = "\"{0}\"")
    @CsvSource({"docker.volumedriver/1.0, docker, volumedriver, 1.0", "a.b.c/1/2, a.b, c, 1/2",
            "volumedriver, '', volumedriver, ''", "docker.authz, docker, authz, ''", "x/1.0, '', x, 1.0",
            "'', '', '', ''", "a./1, a, '', 1"})
    void cutAtTheFirstSlashAndTheLastDot(String text, String prefix, String capability, String version) {
        assertThat(InterfaceType.parse(text)).isEqualTo(new InterfaceType(prefix, capability, version));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("D78: what is printed reads back as the same")
    void readBackWhatIsPrintedD78(long seed) {
        var random = new Random(seed);
        String text = random.ints(random.nextInt(12), 0, 6)
                .mapToObj(i -> "ab./\"1".substring(i, i + 1))
                .collect(Collectors.joining());
        InterfaceType type = InterfaceType.parse(text);
        assertThat(InterfaceType.parse(type.toString())).isEqualTo(type);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @Test
    void cannotHoldWhatWouldNotReadBack() {
        assertThatThrownBy(() -> new InterfaceType("a", "b.c", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new InterfaceType("a/b", "c", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("D59: one rule serves finding and activating, whatever the case")
    void provideByOneRuleD59() {
        assertThat(InterfaceType.parse("docker.VolumeDriver/1.0").provides("volumedriver")).isTrue();
        assertThat(InterfaceType.parse("docker.volumedriver/1.3").provides("VolumeDriver")).isTrue();
        assertThat(InterfaceType.parse("docker.networkdriver/2.0").provides("networkdriver")).isFalse();
        assertThat(InterfaceType.parse("docker.networkdriver/10").provides("networkdriver")).isFalse();
        assertThat(InterfaceType.parse("other.volumedriver/1.0").provides("volumedriver")).isFalse();
        assertThat(plugin("docker.a/1.0", "docker.b/1.0").config().providesCapability("B")).isTrue();
    }

    @Test
    @DisplayName("D59: the major version is the same and the minor one not lower")
    void compareVersionsByRuleD59() {
        assertThat(provides("docker.VolumeDriver/1.2", "docker.volumedriver/1.0")).isTrue();
        assertThat(provides("docker.volumedriver/1.10", "volumedriver/1.9")).isTrue();
        assertThat(provides("docker.volumedriver/1", "volumedriver")).isTrue();
        assertThat(provides("docker.volumedriver/1.2", "volumedriver/1.2.7")).isTrue();
        assertThat(provides("docker.volumedriver/1.0", "volumedriver/1.1")).isFalse();
        assertThat(provides("docker.volumedriver/2.0", "volumedriver/1.0")).isFalse();
        assertThat(provides("docker.volumedriver/1.0", "volumedriver/2")).isFalse();
        assertThat(provides("docker.volumedriver/", "volumedriver")).isFalse();
        assertThat(provides("docker.volumedriver/one", "volumedriver")).isFalse();
        assertThat(provides("acme.Cache/3.4", "ACME.cache/3.1")).isTrue();
        assertThat(provides("acme.cache/1.0", "cache")).isFalse();
    }

    private static boolean provides(String declared, String asked) {
        return InterfaceType.parse(declared).provides(InterfaceType.asked(asked));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/1.0", "docker./1.0", "volumedriver/", "volumedriver/one", "volumedriver/1.x"})
    void areNotAskedForByWhatIsNone(String text) {
        assertThatThrownBy(() -> InterfaceType.asked(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("D5: a list finds a plugin by any of its types, by whole words, and never one without types")
    void areFilteredByAnyTypeD5() {
        InstalledPlugin two = plugin("docker.dummy/1.0", "docker.logdriver/1.0");
        assertThat(shows(two, "dummy")).isTrue();
        assertThat(shows(two, "LogDriver")).isTrue();
        assertThat(shows(two, "authz", "dummy")).isTrue();
        assertThat(shows(two, "log.*")).isTrue();
        assertThat(shows(two, "log*r")).isTrue();
        assertThat(shows(two, "log*x")).isFalse();
        assertThat(shows(two, "*g*g*")).isFalse();
        assertThat(shows(two, "umm")).isFalse();
        assertThat(shows(two, "[")).isFalse();
        assertThat(shows(plugin(), "dummy")).isFalse();
        assertThat(shows(plugin())).isTrue();
    }

    @Test
    void areFilteredByState() {
        var enabled = new PluginFilter(Optional.of(true), List.of());
        assertThat(enabled.test(plugin())).isFalse();
        assertThat(enabled.test(plugin().withEnabled(true))).isTrue();
        assertThat(PluginFilter.ALL.test(plugin())).isTrue();
    }

    @Test
    void areNotSearchedForEverByAHostileExpression() {
        InstalledPlugin plugin = plugin("docker." + "a".repeat(1000) + "/1.0");
        assertThat(shows(plugin, "(a?){100}b(a+)+(a+)+(a+)+c")).isFalse();
        assertThat(shows(plugin, "*a".repeat(1001) + "b")).isFalse();
    }

    private static boolean shows(InstalledPlugin plugin, String... capabilities) {
        return new PluginFilter(Optional.empty(), List.of(capabilities)).test(plugin);
    }

    private static InstalledPlugin plugin(String... types) {
        String list = Stream.of(types)
                .map(type -> "\"" + type + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        PluginConfig config = PluginJson.config(("{\"interface\":{\"types\":" + list + "}}").getBytes(UTF_8));
        return new InstalledPlugin(config, false, new PluginId("a".repeat(64)), PluginName.parse("p"), "p",
                Settings.initial(config));
    }
}
