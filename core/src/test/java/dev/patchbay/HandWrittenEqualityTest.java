package dev.patchbay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that compare themselves, since what Java makes for them is slow at first: they must do it as well. */
class HandWrittenEqualityTest {
    static Stream<List<Supplier<Object>>> values() {
        return Stream.of(
                List.of(() -> new Cursor("a", 1), () -> new Cursor("a", 2), () -> new Cursor("b", 1)),
                List.of(() -> new InterfaceType("p", "c", "1"), () -> new InterfaceType("q", "c", "1"),
                        () -> new InterfaceType("p", "d", "1"), () -> new InterfaceType("p", "c", "2")),
                List.of(() -> EventFilter.ALL, () -> EventFilter.types(EventType.ENABLE),
                        () -> EventFilter.of(List.of(), List.of("x"), List.of()),
                        () -> EventFilter.of(List.of(), List.of(), List.of("x"))),
                List.of(() -> new PluginId("a".repeat(64)), () -> new PluginId("b".repeat(64))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void equalsWhatHasTheSamePartsAndNothingElse(List<Supplier<Object>> different) {
        for (Supplier<Object> one : different) {
            assertThat(one.get()).isEqualTo(one.get()).hasSameHashCodeAs(one.get()).isNotEqualTo("");
            different.stream()
                    .filter(other -> !other.equals(one))
                    .forEach(other -> assertThat(one.get()).isNotEqualTo(other.get()));
        }
    }
}
