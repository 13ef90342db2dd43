package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerdTracesTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String SHIM = "/run/containerd/s/" + "abcdef0123456789".repeat(4);

    @TempDir
    private Path folder;

    @Test
    void areTheFoldersOfItsPluginsSocketsAndNobodyElses() throws IOException {
        for (String name : List.of(ID, "storage", "tmp", ID.substring(1))) {
            Files.createDirectories(folder.resolve("r/plugins").resolve(name));
        }

        assertThat(traces().paths()).containsExactly(Path.of("/run/docker/plugins", ID));
    }

    @Test
    void areTheSocketsOfItsShims() throws IOException {
        address("unix://" + SHIM + "\n");

        assertThat(traces().paths()).containsExactly(Path.of(SHIM));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unix:///run/containerd/s", "unix:///run/containerd/s/",
            "unix:///run/containerd/s/..",
            "unix:///run/containerd/s/../containerd.sock", "unix:///run/containerd/containerd.sock",
            "unix:///run/containerd/s/a/b", "unix:///run/containerd/s/a\nb"})
    void areNothingThatAShimWouldNotHave(String address) throws IOException {
        address(address);

        assertThat(traces().paths()).isEmpty();
    }

    @Test
    void areNoneWhereNoDockerdWas() throws IOException {
        assertThat(traces().paths()).isEmpty();
    }

    @Test
    void areRemovedWithWhatIsInThem() throws IOException {
        Path sockets = Files.createDirectories(folder.resolve("sockets"));
        Files.writeString(sockets.resolve("sample.sock"), "");
        Path other = Files.writeString(folder.resolve("other"), "");

        new DockerdTraces(List.of(sockets, folder.resolve("gone"))).remove();

        assertThat(sockets).doesNotExist();
        assertThat(other).exists();
    }

    private void address(String text) throws IOException {
        Path task = folder.resolve("x/containerd/daemon/io.containerd.runtime.v2.task/plugins.moby")
                .resolve(ID);
        Files.writeString(Files.createDirectories(task).resolve("address"), text);
    }

    private DockerdTraces traces() throws IOException {
        return DockerdTraces.of(new Place(folder));
    }
}
