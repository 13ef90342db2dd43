package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The times of log lines, against the library's parser. */
final class MonitorTimeTest {
    private static final DateTimeFormatter AS_CONMON = DateTimeFormatter
            .ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSxxx");

    @Test
    void readsEveryTimeAsTheLibraryDoes() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L),
                    random.nextInt(1_000_000_000));
            var offset = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-17 * 60, 17 * 60));
            assertThat(MonitorTime.parse(AS_CONMON.format(time.atOffset(offset)))).contains(time);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.5+01:00",
            "2026-01-02T03:04:05.123456789+18:00", "2026-01-02T03:04:05.123456789-18:00"})
    void readsOtherFormsOfRfc3339(String text) {
        assertThat(MonitorTime.parse(text)).contains(OffsetDateTime.parse(text).toInstant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "2026-13-02T03:04:05.123456789+00:00",
            "2026-02-30T03:04:05.123456789+00:00", "2026-01-02T24:04:05.123456789+00:00",
            "2026-01-02T03:60:05.123456789+00:00", "2026-01-02T03:04:61.123456789+00:00",
            "2026-01-02T03:04:05.123456789+19:00", "2026-01-02T03:04:05.123456789+18:30",
            "2026-01-02T03:04:05.123456789+00:60", "2026-01-02T03:04:05.12345678x+00:00",
            "2026-01-02 03:04:05.123456789+00:00", "+026-01-02T03:04:05.123456789+00:00",
            "2026-01-02T03:04:05.123456789+00:0\u0660"})
    void readsNothingElse(String text) {
        assertThat(MonitorTime.parse(text)).isEmpty();
    }
}
