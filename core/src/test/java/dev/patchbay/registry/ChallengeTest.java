package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ChallengeTest {
    @Test
    void readsParametersWithAndWithoutQuotes() {
        assertThat(Challenge.parse("Bearer realm=\"https://a/b,c\" , service=x,scope=\"a \\\"b\\\" c\""))
                .containsExactly(new Challenge("bearer",
                        Map.of("realm", "https://a/b,c", "service", "x", "scope", "a \"b\" c")));
    }

    @Test
    void readsSeveralChallenges() {
        assertThat(Challenge.parse("Negotiate, Basic realm=\"x\", BEARER Realm=\"y\",service=z"))
                .isEqualTo(List.of(new Challenge("negotiate", Map.of()),
                        new Challenge("basic", Map.of("realm", "x")),
                        new Challenge("bearer", Map.of("realm", "y", "service", "z"))));
    }

    @Test
    void keepsTheFirstOfTwins() {
        assertThat(Challenge.parse("Basic realm=a, realm=b").getFirst().parameter("realm")).contains("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer realm=\"unfinished", "Bearer realm=", "Bearer realm=\"a\\", "=", "\"", "",
            "Bearer realm=,x", "Bearer \"a\""})
    void leavesOutWhatIsBroken(String header) {
        assertThat(Challenge.parse(header)).isEmpty();
    }

    @Test
    void keepsWhatCameBeforeAMistake() {
        assertThat(Challenge.parse("Basic realm=\"x\", Bearer realm=\"y"))
                .containsExactly(new Challenge("basic", Map.of("realm", "x")));
    }

    @Test
    void endsOnAnyGarbage() {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append("Ba =,\"\\\t;{\u00e9".charAt(random.nextInt(11)));
            }
            var _ = Challenge.parse(text.toString());
        }
    }
}
