package dev.patchbay.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was published and what was set, of records in which Docker has mixed the two. */
class DisentanglingTest {
    private static final PluginConfig PUBLISHED = config("/m", "/dev/fuse", "one");

    private static PluginConfig config(String source, String path, String layer) {
        return PluginJson.config("""
                {"mounts":[{"name":"m","source":"%s","destination":"/x","type":"bind","settable":["source"]},
                           {"name":"n","source":"/n","destination":"/y","type":"bind"}],
                 "linux":{"devices":[{"name":"d","path":"%s","settable":["path"]}]},
                 "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(source, path, layer)
                .getBytes(UTF_8));
    }

    private static InstalledPlugin plugin(PluginConfig config, Settings settings) {
        return new InstalledPlugin(config, true, new PluginId("a".repeat(64)), PluginName.parse("echo"),
                "echo:latest",
                settings);
    }

    @Test
    @DisplayName("a source that was set through Docker is the user's, whether the settings have it or not (D56)")
    void findsTheSourceThatTheUserSetD56() {
        PluginConfig mixed = config("/mine", "/dev/fuse", "one");

        InstalledPlugin inMemory = plugin(mixed, Settings.initial(mixed)).asPublished(PUBLISHED);
        InstalledPlugin afterRestart = plugin(mixed, Settings.initial(PUBLISHED)).asPublished(PUBLISHED);

        assertThat(inMemory.config()).isEqualTo(PUBLISHED);
        assertThat(inMemory.settings()).isEqualTo(Settings.initial(mixed));
        assertThat(afterRestart).isEqualTo(inMemory);
    }

    @Test
    @DisplayName("a device has the path of the settings, which is the one that Docker starts it with (D56)")
    void leavesThePathsOfTheSettingsD56() {
        PluginConfig mixed = config("/m", "/dev/mine", "one");

        assertThat(plugin(mixed, Settings.initial(PUBLISHED)).asPublished(PUBLISHED))
                .isEqualTo(plugin(PUBLISHED, Settings.initial(PUBLISHED)));
        assertThat(plugin(mixed, Settings.initial(mixed)).asPublished(PUBLISHED))
                .isEqualTo(plugin(PUBLISHED, Settings.initial(mixed)));
    }

    @Test
    void leavesWhatWasSetThroughUs() {
        InstalledPlugin ours = plugin(PUBLISHED, Settings.initial(config("/mine", "/dev/mine", "one")));

        assertThat(ours.asPublished(PUBLISHED)).isSameAs(ours);
    }

    @Test
    @DisplayName("leaves a record alone that names the configuration blob of the version before (D14)")
    void leavesAMixtureOfVersionsD14() {
        PluginConfig next = config("/elsewhere", "/dev/fuse", "two");
        InstalledPlugin mixture = plugin(next, Settings.initial(PUBLISHED));

        assertThat(mixture.asPublished(PUBLISHED)).isSameAs(mixture);
    }
}
