package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineLayoutTest {
    private static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");

    private final LoggerContext context = new LoggerContext();
    private final LineLayout layout = new LineLayout(false, ZoneId.of("Asia/Kolkata"));

    @Test
    void writesTimeLevelLoggerAndMessage() {
        assertThat(layout.doLayout(event(Level.INFO, "runs {}", "runc")))
                .isEqualTo("2026-03-04T10:36:07.089+05:30 INFO  Engine: runs runc\n");
        assertThat(layout.doLayout(event(Level.ERROR, "no", null)))
                .isEqualTo("2026-03-04T10:36:07.089+05:30 ERROR Engine: no\n");
    }

    @Test
    void writesTheTimeOfEachEvent() {
        var utc = new LineLayout(false, ZoneOffset.UTC);
        for (String time : List.of("05:06:07.999Z", "05:06:08.000Z", "05:06:07.001Z")) {
            LoggingEvent event = event(Level.INFO, "", null);
            event.setInstant(Instant.parse("2026-03-04T" + time));
            assertThat(utc.doLayout(event)).startsWith("2026-03-04T" + time);
        }
        LoggingEvent before1970 = event(Level.INFO, "", null);
        before1970.setInstant(Instant.ofEpochMilli(-1));
        assertThat(utc.doLayout(before1970)).startsWith("1969-12-31T23:59:59.999Z");
    }

    @Test
    void hasColoursAndShortTimesForATerminal() {
        assertThat(new LineLayout(true, ZoneOffset.UTC).doLayout(event(Level.WARN, "x", null)))
                .isEqualTo("\u001b[1;30m05:06:07.089\u001b[0;39m \u001b[31mWARN \u001b[0;39m "
                        + "\u001b[36mEngine\u001b[0;39m: x\n");
    }

    @Test
    void letsNoControlCharacterThrough() {
        assertThat(layout.doLayout(event(Level.INFO, "{}", "a\nb\u001b[2Jc\u007fd\u0085e\tf\u00e4")))
                .endsWith(": a?b?[2Jc?d?e?f\u00e4\n");
    }

    @Test
    void writesPairsAfterTheMessage() {
        LoggingEvent event = event(Level.INFO, "m", null);
        event.setKeyValuePairs(List.of(new KeyValuePair("k", "v\u0007")));

        assertThat(layout.doLayout(event)).endsWith(": m k=\"v?\"\n");
    }

    @Test
    void writesATraceBelowTheLine() {
        var event = new LoggingEvent("", context.getLogger("dev.patchbay.Engine"), Level.WARN, "m",
                new IllegalStateException("bad\u001bname"), null);

        assertThat(layout.doLayout(event)).contains(
                ": m\njava.lang.IllegalStateException: bad?name\n\tat dev.patchbay.web.daemon.LineLayoutTest");
    }

    private LoggingEvent event(Level level, String message, @Nullable Object argument) {
        var event = new LoggingEvent("", context.getLogger("dev.patchbay.engine.Engine"), level, message,
                null,
                argument == null ? null : new Object[]{argument});
        event.setInstant(AT);
        return event;
    }
}
