package dev.patchbay.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.reference.InvalidReferenceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PluginIdTest {

    @Test
    void drawsAgainWhileTheShortFormIsAllDecimal() {
        String decimal = "012345678901" + "ab".repeat(26);
        String mixed = "01234567890a" + "11".repeat(26);
        assertThat(PluginId.random(new Scripted(List.of(decimal, decimal, mixed))).hex()).isEqualTo(mixed);
    }

    @Test
    void drawsTheSameIdFromTheSameSeed() {
        assertThat(PluginId.random(new Random(1))).isEqualTo(PluginId.random(new Random(1)));
        assertThat(PluginId.random(new Random(1)).shortHex()).hasSize(12);
    }

    @Test
    void hasSixtyFourLowerCaseDigits() {
        assertThat(PluginId.parse("a".repeat(64))).isPresent();
        assertThat(PluginId.parse("A".repeat(64))).isEmpty();
        assertThat(PluginId.parse("a".repeat(63))).isEmpty();
        assertThatThrownBy(() -> new PluginId("x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesAreFamiliarWithATag() {
        for (String text : List.of("u", "u:latest", "docker.io/u", "library/u",
                "index.docker.io/library/u:latest")) {
            assertThat(PluginName.parse(text)).hasToString("u:latest");
        }
        assertThat(PluginName.parse("a/b:1").familiarName()).isEqualTo("a/b");
    }

    @Test
    void namesHaveNoDigest() {
        String canonical = "a@sha256:" + "1".repeat(64);
        assertThatThrownBy(() -> PluginName.parse(canonical))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessage("canonical references are not permitted");
        assertThat(PluginName.find(canonical)).isEmpty();
        assertThat(PluginName.find("NOT A NAME")).isEmpty();
        assertThat(PluginName.find("a")).contains(PluginName.parse("a:latest"));
    }

    private record Scripted(Deque<String> draws) implements RandomGenerator {

        Scripted(List<String> draws) {
            this(new ArrayDeque<>(draws));
        }

        @Override
        public void nextBytes(byte[] bytes) {
            byte[] next = HexFormat.of().parseHex(draws.remove());
            System.arraycopy(next, 0, bytes, 0, bytes.length);
        }

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }
    }
}
