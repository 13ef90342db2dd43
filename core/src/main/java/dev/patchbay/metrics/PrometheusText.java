package dev.patchbay.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Readings as Prometheus reads them: its text format 0.0.4 (prometheus.io, "Exposition formats"). */
public final class PrometheusText {
    /** The media type of the text. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final int USUAL_LINE = 96;

    private PrometheusText() {}

    /** The text; families in the order of the table, series in that of the list. */
    public static String of(List<Reading> readings) {
        Map<Metric, List<Reading>> families = new EnumMap<>(Metric.class);
        readings.forEach(one -> families.computeIfAbsent(one.metric(), _ -> new ArrayList<>()).add(one));
        var text = new StringBuilder(USUAL_LINE * (readings.size() + families.size()));
        families.forEach((metric, series) -> family(text, metric, series));
        return text.toString();
    }

    private static void family(StringBuilder text, Metric metric, List<Reading> series) {
        String name = metric.prometheus();
        text.append("# HELP ").append(name).append(' ').append(metric.help()).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(switch (metric.kind()) {
            case GAUGE -> "gauge";
            case COUNTER -> "counter";
            case TIMER -> "summary";
        }).append('\n');
        List<String> tags = metric.tags();
        for (Reading one : series) {
            if (metric.kind() == Metric.Kind.TIMER) {
                line(text, name + "_count", tags, one.tags());
                text.append(one.count()).append('\n');
                line(text, name + "_sum", tags, one.tags());
            } else {
                line(text, name, tags, one.tags());
            }
            number(text, one.value());
            text.append('\n');
        }
    }

    private static void line(StringBuilder text, String name, List<String> tags, List<String> values) {
        text.append(name);
        if (!tags.isEmpty()) {
            char before = '{';
            for (int i = 0; i < tags.size(); i++) {
                text.append(before).append(tags.get(i)).append("=\"");
                escaped(text, values.get(i));
                text.append('"');
                before = ',';
            }
            text.append('}');
        }
        text.append(' ');
    }

    private static void escaped(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            switch (value.charAt(i)) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(value.charAt(i));
            }
        }
    }

    private static void number(StringBuilder text, double value) {
        long whole = (long) value;
        if (whole == value) {
            text.append(whole);
        } else {
            text.append(value);
        }
    }
}
