package dev.patchbay.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    @Test
    void isPrometheusTextFormat() {
        var wait = new Timing();
        wait.add(TimeUnit.MILLISECONDS.toNanos(1500));
        wait.add(-5);
        String text = PrometheusText.of(List.of(
                Reading.of(Metric.PLUGIN_CPU, 0.25, "a\"b\\c\nd"),
                Reading.of(Metric.PLUGINS, 2, "running"),
                wait.read(Metric.MAILBOX_WAIT),
                Reading.of(Metric.PLUGINS, 1, "stopped")));
        assertThat(text).isEqualTo("""
                # HELP patchbay_plugins Plugins by what they do
                # TYPE patchbay_plugins gauge
                patchbay_plugins{state="running"} 2
                patchbay_plugins{state="stopped"} 1
                # HELP patchbay_mailbox_wait_seconds How long commands waited for the state thread
                # TYPE patchbay_mailbox_wait_seconds summary
                patchbay_mailbox_wait_seconds_count 2
                patchbay_mailbox_wait_seconds_sum 1.5
                # HELP patchbay_plugin_cpu_seconds_total Processor time of a plugin
                # TYPE patchbay_plugin_cpu_seconds_total counter
                patchbay_plugin_cpu_seconds_total{plugin="a\\"b\\\\c\\nd"} 0.25
                """);
    }

    @Test
    void aReadingHasAValueForEachTag() {
        assertThatIllegalArgumentException().isThrownBy(() -> Reading.of(Metric.PLUGINS, 1));
    }

    @Test
    void namesAreAsPrometheusAsksForThem() {
        for (Metric metric : Metric.values()) {
            assertThat(metric.prometheus()).matches("[a-z]+(_[a-z]+)+");
            assertThat(metric.prometheus().endsWith("_total"))
                    .isEqualTo(metric.kind() == Metric.Kind.COUNTER);
            assertThat(metric.unit()).isIn("", "seconds", "bytes");
            assertThat(metric.kind() != Metric.Kind.TIMER || metric.unit().equals("seconds"))
                    .as(metric.name())
                    .isTrue();
        }
    }
}
