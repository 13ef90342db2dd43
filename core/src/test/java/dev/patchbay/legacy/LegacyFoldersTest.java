package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LegacyFoldersTest {
    private static final Map<String, String> ROOTLESS = Map.of("ROOTLESSKIT_STATE_DIR", "/run/x", "HOME",
            "/home/me");

    @Test
    void areDockersOwnForRoot() {
        assertThat(LegacyFolders.docker(Map.of("HOME", "/root", "XDG_CONFIG_HOME", "/root/.config")))
                .isEqualTo(new LegacyFolders(Path.of("/run/docker/plugins"),
                        List.of(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins"))));
    }

    @Test
    @DisplayName("D73: without the rights of root the user's own folders are searched, what he wrote before what was installed")
    void areBelowTheHomeOfAUserD73() {
        assertThat(LegacyFolders.docker(ROOTLESS).descriptions())
                .containsExactly(Path.of("/home/me/.config/docker/plugins"),
                        Path.of("/home/me/.local/lib/docker/plugins"));
        assertThat(LegacyFolders.docker(Map.of("ROOTLESSKIT_STATE_DIR", "/run/x", "HOME", "/home/me",
                "XDG_CONFIG_HOME", "/conf")).descriptions())
                .containsExactly(Path.of("/conf/docker/plugins"),
                        Path.of("/home/me/.local/lib/docker/plugins"));
    }

    @Test
    void areDockersOwnForAUserWithoutAHome() {
        assertThat(LegacyFolders.docker(Map.of("ROOTLESSKIT_STATE_DIR", "/run/x", "HOME", "",
                "XDG_CONFIG_HOME", "relative")).descriptions()).isEqualTo(LegacyFolders.DESCRIPTIONS);
    }

    @Test
    void areAbsoluteAndAllDifferent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LegacyFolders(Path.of("run"), List.of()))
                .withMessageContaining("absolute");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LegacyFolders(Path.of("/a"), List.of(Path.of("/b/../a"))))
                .withMessageContaining("twice");
    }
}
