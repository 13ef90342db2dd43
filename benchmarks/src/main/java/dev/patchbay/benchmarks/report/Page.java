package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Verdict;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as one page of HTML that needs nothing from elsewhere and no script. */
final class Page {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Patchbay benchmarks</title>
            <style>
            :root { color-scheme: light dark; --back: #fff; --ink: #1c2024; --soft: #5b6570; --rule: #d9dee3;
              --good: #17703a; --bad: #b3261e;
              --c0: #2563c9; --c1: #c2570c; --c2: #1a7f4b; --c3: #a1309a; --c4: #7a6a00; --c5: #0f7f8c; --c6: #b3261e; --c7: #5b6570; }
            @media (prefers-color-scheme: dark) { :root { --back: #14181c; --ink: #e4e8ec; --soft: #9aa5b1; --rule: #333b44;
              --good: #5fc98a; --bad: #ff8a80;
              --c0: #7fb0ff; --c1: #ffa764; --c2: #6fd39d; --c3: #ea90e4; --c4: #dcc94f; --c5: #62d3e0; --c6: #ff8a80; --c7: #9aa5b1; } }
            body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 4rem; background: var(--back); color: var(--ink);
              font: 15px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; } a { color: inherit; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .75rem 0; }
            td, th { padding: .2rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
            td:first-child, th:first-child { text-align: left; white-space: normal; }
            .wide { overflow-x: auto; } .soft { color: var(--soft); } .met { color: var(--good); } .missed { color: var(--bad); }
            figure { margin: 1rem 0; } figcaption { color: var(--soft); } svg { width: 100%; height: auto; }
            .grid { stroke: var(--rule); } .tick { fill: var(--soft); font-size: 12px; } .name { fill: var(--ink); font-size: 12px; }
            .path { fill: none; stroke-width: 2; } .spread { stroke-width: 1.5; opacity: .6; } .dot { opacity: .8; }
            """;

    private Page() {}

    static String of(Results results) {
        var page = new StringBuilder(HEAD);
        for (int i = 0; i < Chart.COLOURS; i++) {
            page.append(String.format(Locale.ROOT,
                    ".c%d { stroke: var(--c%d); } .dot.c%d { fill: var(--c%d); }\n",
                    i, i, i, i));
        }
        page.append("</style></head><body>\n<h1>Patchbay benchmarks</h1>\n");
        about(page, results);
        page.append("<ul>\n");
        results.runs()
                .forEach(run -> page.append("<li><a href=\"#")
                        .append(Escaped.of(run.name()))
                        .append("\">")
                        .append(Escaped.of(run.name()))
                        .append("</a>: ")
                        .append(Escaped.of(run.question()))
                        .append("</li>\n"));
        page.append("</ul>\n");
        results.runs().forEach(run -> run(page, run));
        return page.append("</body></html>\n").toString();
    }

    private static void about(StringBuilder page, Results results) {
        Host host = results.host();
        page.append("<p>")
                .append(Escaped.of(host.cores() + " cores, " + host.processor() + ", "
                        + host.memoryBytes() / (1L << 30) + " GiB, Linux " + host.kernel()))
                .append("<br>\n");
        page.append(Escaped.of("from " + results.time().began().truncatedTo(ChronoUnit.SECONDS) + " to "
                + results.time().ended().truncatedTo(ChronoUnit.SECONDS))).append("</p>\n");
        page.append("<p class=\"soft\">")
                .append(Escaped.of(String.join(" ", results.command())))
                .append("</p>\n");
        page.append("<p class=\"soft\">")
                .append(results.versions()
                        .entrySet()
                        .stream()
                        .map((Map.Entry<String, String> it) -> Escaped.of(it.getKey() + ": " + it.getValue()))
                        .collect(Collectors.joining("<br>\n")))
                .append("</p>\n");
    }

    private static void run(StringBuilder page, Run run) {
        page.append("<section id=\"")
                .append(Escaped.of(run.name()))
                .append("\">\n<h2>")
                .append(Escaped.of(run.name()))
                .append("</h2>\n<p>")
                .append(Escaped.of(run.question()))
                .append("</p>\n");
        for (Verdict verdict : run.findings().verdicts()) {
            page.append("<p class=\"")
                    .append(verdict.met() ? "met" : "missed")
                    .append("\">")
                    .append(Escaped.of(verdict.toString()))
                    .append("</p>\n");
        }
        page.append("<div class=\"wide\"><table>\n").append(row("th", run.grid().heads()));
        run.grid().rows().forEach(row -> page.append(row("td", row)));
        page.append("</table></div>\n");
        Plots.of(run.findings().series()).forEach(page::append);
        page.append("<ul class=\"soft\">\n");
        run.grid().remarks().forEach(it -> page.append("<li>").append(Escaped.of(it)).append("</li>\n"));
        page.append("<li>")
                .append(Escaped.of("load average before: " + run.load().before() + ", after: "
                        + run.load().after()))
                .append("</li>\n</ul>\n</section>\n");
    }

    private static String row(String cell, List<String> cells) {
        return cells.stream()
                .map(it -> "<" + cell + ">" + Escaped.of(it) + "</" + cell + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }
}
