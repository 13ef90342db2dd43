package dev.patchbay.benchmarks.report;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How drawings look, in light and in the dark, on a page and alone. */
final class Style {
    /** The rules. */
    static final String TEXT = """
            :root { color-scheme: light dark; --back: #fff; --ink: #1c2024; --soft: #5b6570; --rule: #d9dee3;
              --good: #17703a; --bad: #b3261e;
              --c0: #2563c9; --c1: #c2570c; --c2: #1a7f4b; --c3: #a1309a; --c4: #7a6a00; --c5: #0f7f8c; --c6: #b3261e; --c7: #5b6570; }
            @media (prefers-color-scheme: dark) { :root { --back: #14181c; --ink: #e4e8ec; --soft: #9aa5b1; --rule: #333b44;
              --good: #5fc98a; --bad: #ff8a80;
              --c0: #7fb0ff; --c1: #ffa764; --c2: #6fd39d; --c3: #ea90e4; --c4: #dcc94f; --c5: #62d3e0; --c6: #ff8a80; --c7: #9aa5b1; } }
            .back { fill: var(--back); } .grid { stroke: var(--rule); } .one { stroke: var(--soft); stroke-width: 1.5; }
            .tick { fill: var(--soft); font-size: 12px; } .name { fill: var(--ink); font-size: 12px; }
            .path { fill: none; stroke-width: 2; } .spread { stroke-width: 1.5; opacity: .6; } .dot { opacity: .8; }
            .limit { stroke: var(--ink); stroke-width: 2; }
            """ + colours();

    private Style() {}

    private static String colours() {
        return IntStream.range(0, Chart.COLOURS)
                .mapToObj(it -> String.format(Locale.ROOT,
                        ".c%d { stroke: var(--c%d); } .dot.c%d { fill: var(--c%d); }\n", it, it, it, it))
                .collect(Collectors.joining());
    }
}
