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
            body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 4rem; background: var(--back); color: var(--ink);
              font: 15px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; } a { color: inherit; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .75rem 0; }
            td, th { padding: .2rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
            td:first-child, th:first-child { text-align: left; white-space: normal; }
            .wide { overflow-x: auto; } .soft { color: var(--soft); } .met { color: var(--good); } .missed { color: var(--bad); }
            figure { margin: 1rem 0; overflow-x: auto; } figcaption { color: var(--soft); }
            svg { width: 100%; min-width: 42rem; height: auto; }
            """;

    private Page() {}

    static String of(Results results) {
        var page = new StringBuilder(HEAD);
        page.append(Style.TEXT).append("</style></head><body>\n<h1>Patchbay benchmarks</h1>\n");
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
        results.notCarriedOut()
                .forEach(it -> page.append("<p class=\"missed\">")
                        .append(Escaped.of(it.name() + ": NOT CARRIED OUT: " + it.reason()))
                        .append("</p>\n"));
        RatioPlot.of("ratios, and what they were to be", ratios(results)).ifPresent(page::append);
        results.runs().forEach(run -> run(page, run));
        return page.append("</body></html>\n").toString();
    }

    private static List<RatioPlot.Row> ratios(Results results) {
        return results.runs()
                .stream()
                .flatMap(run -> run.findings().verdicts().stream())
                .filter(RatioPlot::isRatio)
                .map(verdict -> new RatioPlot.Row(verdict.figure(), verdict))
                .toList();
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
