package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventWindowTest {
    @ParameterizedTest
    @CsvSource({"1, 1970-01-01T00:00:01Z", "1.5, 1970-01-01T00:00:01.500Z",
            "1.000000001, 1970-01-01T00:00:01.000000001Z",
            "1., 1970-01-01T00:00:01Z", "1.12345678987654321234, 1970-01-01T00:00:01.123456789Z"})
    void readsSecondsAndNanoseconds(String text, Instant expected) {
        assertThat(EventWindow.parse(Optional.of(text), Optional.empty()).since()).contains(expected);
    }

    @Test
    void takesAbsentAndEmptyForNone() {
        assertThat(EventWindow.parse(Optional.empty(), Optional.of("")))
                .isEqualTo(new EventWindow(Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1.x", "10m", "1.123456789012345678901", "999999999999999999999", "-"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> EventWindow.parse(Optional.empty(), Optional.of(text)))
                .hasMessageStartingWith("invalid value for 'until': ");
    }

    @Test
    void refusesAnEndBeforeTheBeginning() {
        assertThatThrownBy(() -> EventWindow.parse(Optional.of("5"), Optional.of("4")))
                .hasMessage("`since` time (5) cannot be after `until` time (4)");
    }
}
