package dev.patchbay.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.benchmarks.measure.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

class PageTest {
    private static final String PAGE = Page.of(Examples.results());

    @Test
    void noTextBreaksOutOfThePage() {
        assertThat(PAGE).doesNotContainIgnoringCase("<script").doesNotContain("alert('x')");
        assertThat(PAGE.split("&lt;script&gt;alert\\(&#39;x&#39;\\)", -1)).hasSizeGreaterThan(8);
    }

    @Test
    void needsNothingFromElsewhere() {
        assertThat(PAGE).doesNotContain("src=", "@import", "url(", "<link", "http:", "https:");
        assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(PAGE).results().map(it -> it.group(1)))
                .allMatch(target -> target.startsWith("#"));
    }

    @Test
    void isReadableInLightAndInDark() {
        assertThat(PAGE).contains("color-scheme: light dark", "@media (prefers-color-scheme: dark)");
    }

    @Test
    void saysWhatWasMeasuredWhereAndWhetherItIsMet() {
        assertThat(PAGE).contains("2 cores, a processor", "runc: runc version 1.1.5",
                "from 2026-11-01T10:00:00Z to 2026-11-01T10:05:00Z", "load average before: 0.1 0.2 0.3",
                "<th>median ms</th>", "<p class=\"missed\">figure", "<p class=\"met\">rate: 3.00 /s");
    }

    @Test
    void eachKindOfSeriesHasItsPlot() throws Exception {
        List<String> figures = Plots.of(Examples.table().series());
        assertThat(figures).hasSize(3);
        assertThat(figures.get(0)).contains("lists/s over plugins",
                "<title>list of 1000: 0.4 lists/s</title>");
        assertThat(figures.get(1)).contains("percentiles, ms", ">99 %<", ">many<", ">counted<");
        assertThat(figures.get(2)).contains("samples, ms", ": 1.25 ms");
        for (String figure : figures) {
            assertThat(parsed(figure).getDocumentElement().getTagName()).isEqualTo("figure");
        }
    }

    static Stream<Arguments> oddSeries() {
        return Stream.of(Arguments.of("zero", List.of(0.0)),
                Arguments.of("one value again and again", List.of(3.0, 3.0)),
                Arguments.of("below zero", List.of(-5.0, -1.0, 2.0)),
                Arguments.of("far apart", List.of(1e-9, 1e12)),
                Arguments.of("zero and more, often",
                        IntStream.range(0, 100).mapToObj(it -> it * 10.0).toList()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddSeries")
    void everyNumberHasAPlaceOnThePaper(String name, List<Double> values) {
        var alone = Series.of(name, Unit.MILLIS, values);
        Plots.of(List.of(alone, Series.of("point", Unit.MILLIS, values).along("line", "x", 0)))
                .forEach(figure -> assertThat(figure).doesNotContain("NaN", "Infinity"));
    }

    @Test
    void moreSeriesThanColoursArePutOnSeveralPlots() {
        List<Series> all = IntStream.range(0, 20)
                .mapToObj(it -> Series.of("s" + it, Unit.MILLIS, List.of(1.0)))
                .toList();
        assertThat(Plots.of(all)).hasSize(3).noneMatch(figure -> figure.contains("c8"));
    }

    @Test
    void moreLinesThanColoursArePutOnSeveralPlotsWithAllOfThemInTheirLegends() {
        List<Series> all = IntStream.range(0, 13)
                .boxed()
                .flatMap(line -> Stream.of(1, 50)
                        .map(at -> Series.of("s" + line + "-" + at, Unit.MILLIS, List.of(1.0 + line))
                                .along("line" + line, "plugins", at)))
                .toList();

        List<String> figures = Plots.of(all);

        assertThat(figures).hasSize(2).noneMatch(figure -> figure.contains("c8"));
        for (int line = 0; line < 13; line++) {
            assertThat(String.join("", figures)).containsOnlyOnce(">line" + line + "<");
        }
    }

    @Test
    void whatIsComparedIsOnTheSamePlot() {
        List<Series> all = Stream.of("patchbay", "dockerd")
                .flatMap(way -> Stream.of("create", "enable", "disable", "list", "inspect")
                        .map(what -> Series.of(what + way, Unit.MILLIS, List.of(1.0))
                                .along(what + ": " + way, "plugins", 1)))
                .toList();

        List<String> figures = Plots.of(all);

        assertThat(figures).hasSize(2);
        assertThat(figures.getFirst()).contains(">list: patchbay<", ">list: dockerd<")
                .doesNotContain("inspect");
        assertThat(figures.getLast()).contains(">inspect: patchbay<", ">inspect: dockerd<");
    }

    @Test
    void ratiosAreDrawnWithTheirIntervalsBesideWhatTheyWereToBe() throws Exception {
        var good = new Verdict("good " + Examples.HOSTILE, 0.4, Verdict.Bound.AT_MOST, 0.5, "times")
                .within(0.3, 0.6);
        var bad = new Verdict("bad", 3.7, Verdict.Bound.AT_MOST, 0.5, "times");

        String plot = RatioPlot
                .of("ratios", List.of(new RatioPlot.Row("good", good), new RatioPlot.Row(bad.figure(), bad)))
                .orElseThrow()
                .toString();

        assertThat(parsed(plot).getElementsByTagName("circle").getLength()).isEqualTo(2);
        assertThat(plot).contains("class='limit'", "class='spread c2'", ">good: 0.4<", ">bad: 3.7, missed<")
                .doesNotContain("class='spread c1'");
        assertThat(RatioPlot.isRatio(new Verdict("x", 1, Verdict.Bound.BELOW, 2, "ms"))).isFalse();
        assertThat(RatioPlot.of("none", List.of())).isEmpty();
    }

    @Test
    void axesHaveRoundNumbers() {
        assertThat(Axis.over(IntStream.of(0, 47).asDoubleStream(), 0, 1).ticks())
                .containsExactly(0.0, 10.0, 20.0, 30.0, 40.0);
        assertThat(Axis.over(IntStream.of(2, 5000).asDoubleStream(), 0, 1).ticks())
                .containsExactly(10.0, 100.0, 1000.0);
        assertThat(List.of(Axis.text(0.05), Axis.text(12_500), Axis.text(3_000_000), Axis.text(0),
                Axis.text(99.99)))
                .containsExactly("0.05", "12.5k", "3M", "0", "99.99");
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }
}
