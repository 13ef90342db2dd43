package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginAddress;
import dev.patchbay.legacy.Sighting.Meaning;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SearchOrderTest {
    private static final LegacyFolders FOLDERS = LegacyFolders.docker(java.util.Map.of());

    @Test
    void isDockers() {
        assertThat(SearchOrder.of(FOLDERS, "n").stream().map(Path::toString)).containsExactly(
                "/run/docker/plugins/n.sock", "/run/docker/plugins/n/n.sock",
                "/etc/docker/plugins/n.spec", "/etc/docker/plugins/n/n.spec",
                "/etc/docker/plugins/n.json", "/etc/docker/plugins/n/n.json",
                "/usr/lib/docker/plugins/n.spec", "/usr/lib/docker/plugins/n/n.spec",
                "/usr/lib/docker/plugins/n.json", "/usr/lib/docker/plugins/n/n.json");
    }

    @Test
    void takesNamesFromFilesAndLeavesOutThoseThatWouldNotBeReadable() {
        assertThat(SearchOrder.names(Set.of(Path.of("/e/one.spec"), Path.of("/e/two/two.json"),
                Path.of("/e/a.b.spec"), Path.of("/e/ x.spec"), Path.of("/e/.spec"),
                Path.of("/e/new\nline.json"))))
                .containsExactly("a.b", "one", "two");
    }

    @Test
    void passesOverWhatIsNoSocketButNotWhatMakesNoSense() {
        var noSocket = Sighting.of(Path.of("/r/n.sock"), new Meaning.PassedOver("it is a file"));
        var gone = Sighting.of(Path.of("/r/n/n.sock"), new Meaning.Absent());
        var garbage = Sighting.of(Path.of("/e/n.spec"), new Meaning.Unusable("garbage"));
        var good = Sighting.of(Path.of("/e/n.json"),
                new Meaning.Target(new PluginAddress.Unix(Path.of("/s")), java.util.Optional.empty()));

        assertThat(Sighting.strongest(List.of(noSocket, gone, garbage, good))).contains(garbage);
        assertThat(Sighting.strongest(List.of(noSocket, gone, good, garbage))).contains(good);
        assertThat(Sighting.strongest(List.of(noSocket, gone))).isEmpty();
        assertThat(Sighting.told(List.of(noSocket, gone, good, garbage))).containsExactly("it is a file");
        assertThat(Sighting.told(List.of(garbage, noSocket))).containsExactly("garbage");
    }
}
