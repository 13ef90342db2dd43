package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    private static final Target TARGET = new Target.Tcp("127.0.0.1", 1);

    @TempDir
    private Path folder;

    @Test
    void sendsTheFirstTokenOfAFile() throws IOException {
        assertThat(Endpoint.of(TARGET, withToken("# mine\n\n one-token \nanother\n")).fields())
                .isEqualTo("Authorization: Bearer one-token\r\n");
        assertThat(Endpoint.of(TARGET, Access.OPEN).fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# none\n", "two words\n", "caf\u00e9-token\n"})
    void quotesNothingOfAFileThatHasNoToken(String content) throws IOException {
        Access access = withToken(content);

        assertThatThrownBy(() -> Endpoint.of(TARGET, access)).isInstanceOf(IOException.class)
                .hasMessage(folder.resolve("token") + " has no token on a line of its own");
    }

    @Test
    void namesAFileThatIsNotThere() {
        var missing = new Access(Optional.empty(), Optional.empty(), Optional.of(folder.resolve("none")));

        assertThatThrownBy(() -> Endpoint.of(TARGET, missing)).isInstanceOf(IOException.class)
                .hasMessageContaining(folder.resolve("none").toString());
    }

    @Test
    void isReadBackFromItsArgumentsWhateverIsMissing() {
        var pair = Optional.of(new Access.Pair(Path.of("/c"), Path.of("/k")));
        var all = new Access(Optional.of(Path.of("/a")), pair, Optional.of(Path.of("/t")));
        var some = new Access(Optional.empty(), pair, Optional.empty());

        assertThat(Access.parse(all.arguments())).isEqualTo(all);
        assertThat(Access.parse(some.arguments())).isEqualTo(some);
        assertThat(Access.parse(Access.OPEN.arguments())).isEqualTo(Access.OPEN);
    }

    private Access withToken(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), content);
        return new Access(Optional.empty(), Optional.empty(), Optional.of(file));
    }
}
