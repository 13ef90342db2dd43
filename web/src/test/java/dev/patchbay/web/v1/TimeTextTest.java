package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.InvalidRequestException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeTextTest {
    private static final Clock CLOCK = Clock.fixed(Samples.NOON, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
            "30s,PT30S", "1m30s,PT1M30S", "1.5h,PT1H30M", "250ms,PT0.25S", ".5s,PT0.5S", "1us,PT0.000001S",
            "1µs,PT0.000001S", "7ns,PT0.000000007S", "2h3m4s5ms,PT2H3M4.005S", "30,PT30S", "0.25,PT0.25S",
            "0,PT0S",
            "PT90S,PT1M30S", "P1D,PT24H", "1.s,PT1S", "99999h,PT99999H"})
    void readsDurations(String text, Duration expected) {
        assertThat(TimeText.duration("timeout", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", " ", "s", "30 s", "-30s", "-1", "+5s", "1d", "30S", "1m30", "PT-5S", "-PT5S", "P", "PT",
            "Infinity", "NaN",
            "1e9", "0x10", "٣s", "99999999999999999999s", "999999999999999999h", "P999999999999999999D",
            "30s\u0000"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> TimeText.duration("timeout", text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("timeout must be a duration such as 30s");
    }

    @ParameterizedTest
    @CsvSource({
            "2026-01-31T11:00:00Z,2026-01-31T11:00:00Z", "2026-01-31T11:00:00.5+01:00,2026-01-31T10:00:00.5Z",
            "0,1970-01-01T00:00:00Z", "1769860800.25,2026-01-31T12:00:00.25Z", "10m,2026-01-31T11:50:00Z",
            "PT1H,2026-01-31T11:00:00Z"})
    void readsTimes(String text, Instant expected) {
        assertThat(TimeText.instant("since", text, CLOCK)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-01-31", "2026-13-31T11:00:00Z", "-5", "P99999999999999D",
            "2562048h9"})
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> TimeText.instant("since", text, CLOCK))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("since must be a time such as");
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 100_000})
    void cutsLongTextsInMessages(int length) {
        assertThatThrownBy(() -> TimeText.duration("timeout", "9".repeat(length)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("…\"")
                .message()
                .hasSizeLessThan(200);
    }
}
