package dev.patchbay.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scanner beside the expressions of distribution's grammar. */
final class NameScannerTest {
    private static final String LABEL = "[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+";
    private static final Pattern DOMAIN = Pattern
            .compile("(?:\\[[a-fA-F0-9:]++]|" + LABEL + "(?:\\." + LABEL + ")*+)(?::[0-9]++)?+");
    private static final String COMPONENT = "[a-z0-9]++(?:(?:\\.|__?+|-++)[a-z0-9]++)*+";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}+");
    private static final String LETTERS = "aafzAFZ019___...---//::[]@é ";
    private static final int TEXTS = 200_000;

    static Stream<String> corners() {
        return Stream.of("", "a", "a.b", "a..b", ".a", "a.", "a-", "-a", "a--b", "a_b", "a__b", "a___b",
                "a._b", "a-_b",
                "a_-b", "a/", "/a", "a//b", "a/b", "A", "a:", "a:1", ":1", "a:b", "a:1:2", "a:１", "[", "[]",
                "[:]", "[::1]",
                "[::1", "[::1]:80", "[::1]x", "[g]", "x[::1]", "_", "_a", "a_", "é", "a\n", "\n",
                "a".repeat(128),
                "a".repeat(129), "a" + "-".repeat(127), "a/b:c", "a-.b", "a.-b");
    }

    @ParameterizedTest
    @MethodSource("corners")
    void readsCornersAsTheExpressionsDo(String text) {
        agrees(text);
    }

    @Test
    void readsWhateverComesAsTheExpressionsDo() {
        var random = new Random(42);
        for (int i = 0; i < TEXTS; i++) {
            agrees(IntStream.range(0, random.nextInt(12))
                    .mapToObj(_ -> String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length()))))
                    .collect(Collectors.joining()));
        }
    }

    @Test
    void aHostileTextCostsOnePassAndNoStack() {
        String text = "a-".repeat(5_000_000);
        assertThat(NameScanner.isPath(text)).isFalse();
        assertThat(NameScanner.isDomain(text)).isFalse();
        assertThat(NameScanner.isPath("a/".repeat(5_000_000) + "a")).isTrue();
    }

    private static void agrees(String text) {
        assertThat(NameScanner.isDomain(text)).as("domain '%s'", text)
                .isEqualTo(DOMAIN.matcher(text).matches());
        assertThat(NameScanner.isPath(text)).as("path '%s'", text).isEqualTo(PATH.matcher(text).matches());
        assertThat(NameScanner.isTag(text)).as("tag '%s'", text).isEqualTo(TAG.matcher(text).matches());
    }
}
