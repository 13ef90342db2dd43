package dev.patchbay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunPropertiesTest {
    @Test
    void areRightIfTheyAreAsMakeHasThem() {
        var usual = new Properties();
        usual.setProperty("patchbay.bench.part", "1");
        usual.setProperty("patchbay.bench.iterations", "0");
        usual.setProperty("patchbay.bench.big", "no");

        assertThat(RunProperties.wrong(usual)).isEmpty();
        assertThat(RunProperties.wrong(new Properties())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            patchbay.bench.part       | 0    | PART is a whole number from 1 on, not "0"
            patchbay.bench.iterations | many | ITERATIONS is a whole number, not "many"
            patchbay.bench.forks      | -1   | FORKS is a whole number, 99 at most, not "-1"
            patchbay.bench.big        | true | BIG is yes or no, not "true"
            """)
    void areNamedWithWhatTheyAreToBe(String key, String value, String sentence) {
        var given = new Properties();
        given.setProperty(key, value);

        assertThat(RunProperties.wrong(given)).contains(sentence);
    }
}
