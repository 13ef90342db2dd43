package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class CloseReasonTest {
    @Test
    void keepsWhatFits() {
        assertThat(CloseReason.fit("x".repeat(CloseReason.MAX_BYTES)))
                .isEqualTo("x".repeat(CloseReason.MAX_BYTES));
    }

    @Test
    void cutsBetweenCharactersAtTheByteLimit() {
        for (String character : new String[]{"x", "é", "…", "😀"}) {
            String cut = CloseReason.fit(character.repeat(200));
            assertThat(cut).endsWith("…").matches("(" + character + ")+…");
            assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(
                    CloseReason.MAX_BYTES - 3, CloseReason.MAX_BYTES);
        }
    }
}
