package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.web.HttpFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"{\"enabled\":{\"true\":true}}", "{\"enabled\":[\"true\"]}", "{\"enabled\":[\"1\"]}",
                    "{\"enabled\":{\"true\":false}}"})
    void readsBothForms(String text) {
        assertThat(Filters.parse(Optional.of(text)).forPlugins().enabled()).contains(true);
    }

    @Test
    void readsNothingAsNoFilters() {
        assertThat(Filters.parse(Optional.empty())).isEqualTo(new Filters(Map.of()));
        assertThat(Filters.parse(Optional.of(""))).isEqualTo(new Filters(Map.of()));
        assertThat(Filters.parse(Optional.of("{}")).forPlugins().enabled()).isEmpty();
    }

    @Test
    void passesCapabilitiesOn() {
        assertThat(Filters.parse(Optional.of("{\"capability\":[\"volumedriver\",\"x\"]}"))
                .forPlugins()
                .capabilities())
                .isEqualTo(List.of("volumedriver", "x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"enabled\":[\"x\"]}             | invalid filter 'enabled=[x]'",
            "{\"enabled\":[\"true\",\"false\"]} | invalid filter 'enabled=[true false]'",
            "{\"foo\":[\"x\"]}                 | invalid filter 'foo'",
            "{\"enabled\":1}                   | invalid filter",
            "{\"enabled\":[1]}                 | invalid filter",
            "[]                                | invalid filter",
            "nonsense                          | invalid filter",
            "{\"enabled\"                      | invalid filter"})
    void refusesOthers(String text, String message) {
        assertThatThrownBy(() -> Filters.parse(Optional.of(text)).forPlugins())
                .isInstanceOfSatisfying(HttpFailure.class,
                        failure -> assertThat(failure.status()).isEqualTo(400))
                .hasMessage(message);
    }
}
