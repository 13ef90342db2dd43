package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginAddress;
import dev.patchbay.legacy.Sighting.Meaning;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final State VOLUMES = new State.Active(Set.of("VolumeDriver", "strange/one", "a.b"));

    private static Sighting at(String stamp) {
        Path file = Path.of("/r/n.sock");
        return new Sighting(file, new Meaning.Target(new PluginAddress.Unix(file), Optional.empty()),
                Map.of(file, stamp), Map.of(),
                Map.of());
    }

    private final Roster first = Roster.EMPTY.found(Map.of("n", at("1"))).told("n", 1, VOLUMES);

    @Test
    void leavesAloneWhatHasNotChanged() {
        Roster again = first.found(Map.of("n", at("1"), "m", at("7")));
        assertThat(again.find("n")).isEqualTo(first.find("n"));
        assertThat(again.without(first)).singleElement()
                .satisfies(entry -> assertThat(entry.plugin().name()).isEqualTo("m"));
        assertThat(first.without(again)).isEmpty();
    }

    @Test
    void beginsAnewWithWhatHasChangedAndIgnoresLateNews() {
        Roster held = first.held("n", Holder.passing("h", "volume db"));
        Roster second = held.found(Map.of("n", at("2")));
        var entry = second.find("n").orElseThrow();

        assertThat(entry.start()).isEqualTo(2);
        assertThat(entry.plugin().state()).isEqualTo(new State.Activating());
        assertThat(entry.plugin().inUseBy().summary()).isEqualTo("volume db");
        assertThat(second.without(held)).hasSize(1);
        assertThat(held.without(second)).hasSize(1);
        assertThat(second.told("n", 1, VOLUMES)).isEqualTo(second);
        assertThat(second.released("n", "h").find("n").orElseThrow().plugin().inUseBy().isEmpty()).isTrue();
    }

    @Test
    void numbersNoTwoStartsAlike() {
        Roster back = first.found(Map.of()).found(Map.of("n", at("1")));
        assertThat(back.find("n").orElseThrow().start()).isEqualTo(2);
    }

    @Test
    void knowsWhatOneProvidesByTheSameRuleAsOfPluginsThatAreManaged() {
        var plugin = first.plugins().getFirst();
        assertThat(plugin.provides(InterfaceType.asked("volumedriver"))).isTrue();
        assertThat(plugin.provides(InterfaceType.asked("docker.VOLUMEDRIVER/1.0"))).isTrue();
        assertThat(plugin.provides(InterfaceType.asked("volumedriver/1.1"))).isFalse();
        assertThat(plugin.provides(InterfaceType.asked("volumedriver/2.0"))).isFalse();
        assertThat(plugin.provides(InterfaceType.asked("acme.volumedriver"))).isFalse();
        assertThat(plugin.provides(InterfaceType.asked("authz"))).isFalse();
    }

    @Test
    void takesNoMoreThanSoMany() {
        var many = new HashMap<String, Sighting>();
        for (int i = 0; i < 2 * Roster.MOST; i++) {
            many.put("n" + i, at("1"));
        }
        assertThat(Roster.EMPTY.found(many).plugins()).hasSize(Roster.MOST);
    }
}
