package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiVersionTest {
    @ParameterizedTest
    @CsvSource({"1.24, 1.24, 0", "1.9, 1.24, -1", "1.41., 1.41, 0", "1, 1.24, -1", "2, 1.51, 1",
            "1.51.0, 1.51, 0",
            "..., 0, 0", "1.100, 1.51, 1", "99999999999999999999, 1.24, -1"})
    void comparesNumberByNumber(String left, String right, int expected) {
        assertThat(new ApiVersion(left).compareTo(new ApiVersion(right))).isEqualTo(expected);
    }

    @Test
    void equalsAnotherSpelling() {
        assertThat(new ApiVersion("1.41.")).isEqualTo(new ApiVersion("1.41"))
                .hasSameHashCodeAs(new ApiVersion("1.41.0"));
    }
}
