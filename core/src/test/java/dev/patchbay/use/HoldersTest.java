package dev.patchbay.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who holds a plugin is a set, and says so in few words. */
class HoldersTest {
    private static final Holder ONE = Holder.passing("1", "volume db");
    private static final Holder TWO = Holder.durable("2", "volume db");
    private static final Holder THREE = Holder.passing("3", "backup");

    @Test
    @DisplayName("D32: nothing is counted below nobody, and who is released twice is released once")
    void neverFallsBelowNobodyD32() {
        assertThat(Holders.NONE.without("1")).isEqualTo(Holders.NONE);
        assertThat(Holders.NONE.with(ONE).without("1").without("1").size()).isZero();
        assertThat(Holders.NONE.without("1").with(TWO).size()).isOne();
    }

    @Test
    void hasEachOnce() {
        Holders two = Holders.NONE.with(ONE).with(ONE).with(TWO);
        assertThat(two.stream()).containsExactly(ONE, TWO);
        assertThat(two).isEqualTo(Holders.of(List.of(TWO, ONE)))
                .hasSameHashCodeAs(Holders.of(List.of(TWO, ONE)));
        assertThat(two.durable()).containsExactly(TWO);
        assertThat(two.find("2")).contains(TWO);
    }

    @Test
    void saysWhoItIsInFewWords() {
        assertThat(Holders.of(List.of(ONE, TWO, THREE)).summary()).isEqualTo("backup, volume db (2)");
        assertThat(Holders.of(IntStream.range(0, 12)
                .mapToObj(at -> Holder.passing("h" + at, "l%02d".formatted(at)))
                .toList()).summary()).endsWith("l09 and 2 more").startsWith("l00, l01");
    }

    @Test
    void leavesNobodyOutOfItsJson() {
        Holders many = Holders.of(IntStream.range(0, 50)
                .mapToObj(at -> new Holder("h" + at, "\"l\\" + at, at % 2 == 0))
                .toList());
        JsonNode read = new JsonMapper().readTree(many.json());
        assertThat(read.values()
                .stream()
                .map(node -> new Holder(node.required("id").stringValue(),
                        node.required("label").stringValue(), node.required("durable").booleanValue())))
                .containsExactlyElementsOf(many.stream().toList());
        assertThat(Holders.NONE.json()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "-a", "a\n", "\u00fc"})
    void refusesIdsThatFitInNoPath(String id) {
        assertThatThrownBy(() -> Holder.passing(id, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\nb", "\u001b[2J", "a\u202eb", "a\u200bb", "a\u2028b"})
    void refusesLabelsThatCannotBeShown(String label) {
        assertThatThrownBy(() -> Holder.passing("x", label)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Holder.passing("x", "y".repeat(129)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
