package dev.patchbay.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard shows all metrics, and none that there is not. */
class DashboardTest {
    private static final Path FILE = Path.of("../docs/grafana/patchbay.json");
    private static final Pattern NAME = Pattern.compile("\\b(?:patchbay|jvm)_[a-z_]+");
    private static final Pattern BY = Pattern.compile("by \\(([a-z, ]+)\\)");

    private static Set<String> found(Pattern pattern, JsonNode dashboard, String field, int group) {
        var found = new TreeSet<String>();
        for (JsonNode text : dashboard.findValues(field)) {
            Matcher match = pattern.matcher(text.stringValue());
            while (match.find()) {
                found.addAll(Set.of(match.group(group).split(", ", -1)));
            }
        }
        return found;
    }

    private static Stream<String> series(Metric metric) {
        return metric.kind() == Metric.Kind.TIMER
                ? Stream.of(metric.prometheus() + "_sum", metric.prometheus() + "_count")
                : Stream.of(metric.prometheus());
    }

    @Test
    void showsEachMetricAndNoOther() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(FILE));
        Set<String> shown = found(NAME, dashboard, "expr", 0);
        assertThat(Stream.of(Metric.values()).flatMap(DashboardTest::series)).containsAll(shown);
        for (Metric metric : Metric.values()) {
            assertThat(series(metric)).as(metric.name()).containsAnyElementsOf(shown);
        }
    }

    @Test
    void groupsAndNamesByTagsThatThereAre() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(FILE));
        var tags = new TreeSet<String>();
        Stream.of(Metric.values()).forEach(metric -> tags.addAll(metric.tags()));
        assertThat(tags).containsAll(found(BY, dashboard, "expr", 1))
                .containsAll(found(Pattern.compile("\\{\\{([a-z]+)}}"), dashboard, "legendFormat", 1));
    }
}
