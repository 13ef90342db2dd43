package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.use.Holder;
import dev.patchbay.volume.Mount.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePMap;

/** What values of volumes hold, and what they refuse. */
class VolumeValuesTest {
    private static final Start START = new Start("aa", 3, "boot");

    @Test
    void aBookIsReadAsItWasWritten() {
        var mounts = TreePMap.<String, Mount>empty()
                .plus("a", new Mount("a", Step.MOUNTED, START, "/data/db", "/host/db"))
                .plus("b", Mount.asked("b", START).at(Step.LEAVING));
        Book book = Book.EMPTY.with(new Volume("db", "vol:latest", Map.of("k", "v\u00fc"), Map.of("l", ""),
                Instant.parse("2026-01-02T03:04:05.678Z"), mounts));
        assertThat(BookJson.read(BookJson.write(book))).contains(book);
        assertThat(BookJson.read(BookJson.write(Book.EMPTY))).contains(Book.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"version\":2,\"volumes\":[]}",
            "{\"version\":1,\"volumes\":[{}]}",
            "{\"version\":1,\"volumes\":[{\"name\":\"../x\",\"driver\":\"d\",\"createdAt\":\"2026-01-02T03:04:05Z\","
                    + "\"options\":{},\"labels\":{},\"mounts\":[]}]}",
            "{\"version\":1,\"volumes\":[{\"name\":\"db\",\"driver\":\"d\",\"createdAt\":\"yesterday\","
                    + "\"options\":{},\"labels\":{},\"mounts\":[]}]}",
            "{\"version\":1,\"volumes\":[{\"name\":\"db\",\"driver\":\"d\",\"createdAt\":\"2026-01-02T03:04:05Z\","
                    + "\"options\":{\"a\":1},\"labels\":{},\"mounts\":[]}]}",
            "{\"version\":1,\"volumes\":[{\"name\":\"db\",\"driver\":\"d\",\"createdAt\":\"2026-01-02T03:04:05Z\","
                    + "\"options\":{},\"labels\":{},\"mounts\":[{\"id\":\"a\",\"step\":\"FLYING\",\"plugin\":\"a\","
                    + "\"generation\":1,\"boot\":\"\",\"mountpoint\":\"\",\"path\":\"\"}]}]}"})
    void aDamagedBookIsNone(String json) {
        assertThat(BookJson.read(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void optionsAndLabelsAreBounded() {
        var many = new HashMap<String, String>();
        for (int i = 0; i <= VolumeNames.MOST_ENTRIES; i++) {
            many.put("k" + i, "");
        }
        assertThatThrownBy(() -> new VolumeRequest("db", "vol", many, Map.of()))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> new VolumeRequest("db", "vol", Map.of(), many))
                .isInstanceOf(InvalidRequestException.class);
        many.remove("k0");
        assertThat(new VolumeRequest("db", "vol", many, many).options()).hasSize(VolumeNames.MOST_ENTRIES);
        for (Map<String, String> bad : List.of(Map.of("", "x"), Map.of("a\nb", "x"), Map.of("a", "x\0"),
                Map.of("k".repeat(VolumeNames.LONGEST_KEY + 1), ""),
                Map.of("a", "x".repeat(VolumeNames.MOST_BYTES)))) {
            assertThatThrownBy(() -> new VolumeRequest("db", "vol", bad, Map.of()))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> new VolumeRequest("db", "vol", Map.of(), bad))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"db, true", "d, true", "x, false", "^db, true", "^b, false", "b1$, true", "db$, false",
            "^db1$, true", "^db$, false"})
    void aNameIsLookedForAsATextWithAnchors(String wanted, boolean passes) {
        var view = new VolumeView("db1", "vol:latest", "local", Map.of(), Map.of(), Optional.empty(),
                Map.of(),
                List.of(), Optional.empty());
        assertThat(new VolumeFilter(List.of(wanted), List.of(), List.of(), List.of(), Optional.empty())
                .test(view))
                .isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({"a, '', true", "a=1, '', true", "a=2, '', false", "b, '', false", "a, a=1, false",
            "a, b, true"})
    void labelsMustFit(String label, String not, boolean passes) {
        var view = new VolumeView("db", "vol:latest", "local", Map.of(), Map.of("a", "1"), Optional.empty(),
                Map.of(), List.of(), Optional.empty());
        List<String> nots = not.isEmpty() ? List.of() : List.of(not);
        assertThat(new VolumeFilter(List.of(), List.of("vol"), List.of(label), nots, Optional.empty())
                .test(view))
                .isEqualTo(passes);
    }

    @Test
    void whatIsTriedInVainIsTriedWithGrowingPausesAndThenGivenUpUntilTheNextStart() {
        var tries = new Tries();
        long now = 0;
        for (int times = 1; times <= Tries.MOST; times++) {
            assertThat(tries.isDue("x", START, now)).isTrue();
            tries.failed("x", START, now, "no");
            assertThat(tries.isDue("x", START, now + Tries.pause(times).toMillis() - 1)).isFalse();
            now += Tries.pause(times).toMillis();
        }
        assertThat(tries.isDue("x", START, now + Duration.ofDays(1).toMillis())).as("given up").isFalse();
        assertThat(tries.areSome()).isFalse();
        assertThat(tries.problems()).singleElement().asString().startsWith("x: no; it is not tried any more");
        assertThat(tries.isDue("x", new Start("aa", 4, "boot"), now)).isTrue();
        assertThat(Tries.pause(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Tries.pause(3)).isEqualTo(Duration.ofSeconds(4));
        assertThat(Tries.pause(100)).isEqualTo(Duration.ofSeconds(60));
        tries.forget(tries.all());
        assertThat(tries.problems()).isEmpty();
    }

    @Test
    void noTwoHoldsHaveTheSameId() {
        assertThat(Holds.ofVolume("db").id()).isEqualTo("volume:db");
        assertThat(Holds.ofMount("db", "a").id()).isEqualTo("volume:db:mount:a");
        assertThat(Holds.volume(Holds.ofMount("db", "a"))).contains("db");
        String name = "n".repeat(200);
        assertThat(Holds.ofVolume(name).id()).startsWith("volume.sha256:")
                .hasSizeLessThanOrEqualTo(128)
                .isNotEqualTo(Holds.ofMount(name, "a").id());
        assertThat(Holds.volume(Holds.ofVolume(name))).isEmpty();
        assertThat(Holds.isOurs(Holds.ofVolume(name))).isTrue();
        assertThat(Holds.isOurs(Holder.passing("volume:db", "x"))).as("somebody else's").isFalse();
        assertThat(Holds.isOurs(Holder.durable("volume:db", "backup"))).as("a host's").isFalse();
        assertThat(Holds.isOurs(Holder.durable("volume:db:mount:a", "volume db"))).as("a host's").isFalse();
        assertThat(Holds.isOurs(Holder.durable("volume.sha256:0", "backup"))).as("a host's").isFalse();
        assertThat(Holds.isOurs(Holds.ofMount("db", "a"))).isTrue();
    }
}
