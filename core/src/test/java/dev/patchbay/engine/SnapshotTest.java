package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which plugin a text names, by moby's {@code plugin/store.go}; and what a list shows. */
class SnapshotTest {
    private static final PluginRecord RECORD = Lives.unwanted().record();
    private static final PluginId FIRST = Lives.id("abc1");
    private static final PluginId SECOND = Lives.id("abc2");
    private static final PluginId THIRD = Lives.id("d00d");

    private final Snapshot snapshot = Snapshot.EMPTY
            .with(view(FIRST, "u"), RECORD)
            .with(view(SECOND, "vieux/sshfs:v2"), RECORD)
            .with(view(THIRD, "registry.example.com:5000/x/y"), RECORD);

    @ParameterizedTest
    @ValueSource(strings = {"u", "u:latest", "docker.io/u", "library/u", "docker.io/library/u",
            "index.docker.io/library/u:latest"})
    void aNameInEveryFormIsOneName(String form) {
        assertThat(snapshot.named(form).plugin().id()).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "u:v1", "vieux/sshfs", "localhost/x", "localhost:5000/x",
            "localhost:5000/x:v1", "d.e/f",
            "docker.io/d.e/f", "docker.io/d.e/f:v1", "library/library/u", "docker.io/library", "Host/x",
            "abc1"})
    void aNameIsFoundAsItIsWrittenAndAsItIsShown(String text) {
        PluginName name = PluginName.parse(text);
        var named = Snapshot.EMPTY.with(view(FIRST, text), RECORD).with(view(SECOND, "u:other"), RECORD);
        for (String form : List.of(text, name.familiar(), name.reference().full())) {
            assertThat(named.named(form).plugin().id()).isEqualTo(FIRST);
        }
    }

    @Test
    void findsByFullIdAndByPrefix() {
        assertThat(snapshot.named(SECOND.hex()).plugin().id()).isEqualTo(SECOND);
        assertThat(snapshot.named(SECOND.shortHex()).plugin().id()).isEqualTo(SECOND);
        assertThat(snapshot.named("abc2").plugin().id()).isEqualTo(SECOND);
        assertThat(snapshot.named("d").plugin().id()).isEqualTo(THIRD);
    }

    @Test
    void findsByNameWithTagAndRegistry() {
        assertThat(snapshot.named("vieux/sshfs:v2").plugin().id()).isEqualTo(SECOND);
        assertThat(snapshot.named("registry.example.com:5000/x/y").plugin().id()).isEqualTo(THIRD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "vieux/sshfs", "vieux/sshfs:v3", "nobody", "abc3", "U", "ABC1", "../x",
            "u@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "abc1:latest", "0000000000000000000000000000000000000000000000000000000000000000"})
    void namesNothing(String text) {
        assertThatThrownBy(() -> snapshot.named(text)).isInstanceOf(PluginNotFoundException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ab", "abc"})
    void aPrefixOfSeveralIsAmbiguous(String prefix) {
        assertThatThrownBy(() -> snapshot.named(prefix)).isInstanceOf(AmbiguousPluginException.class)
                .hasMessage("multiple plugins found for \"" + prefix + "\"");
    }

    @Test
    void aNameWinsOverAPrefixAlsoOverAnAmbiguousOne() {
        var named = snapshot.with(view(Lives.id("e0"), "abc"), RECORD)
                .with(view(Lives.id("e1"), "d00d"), RECORD);
        assertThat(named.named("abc").plugin().id()).isEqualTo(Lives.id("e0"));
        assertThat(named.named("d00d").plugin().id()).isEqualTo(Lives.id("e1"));
    }

    @Test
    @DisplayName("D7: two plugins of one name are both there, and the name is neither's")
    void twoOfOneNameAreBothThereD7() {
        var twins = snapshot.with(view(Lives.id("e0"), "u"), RECORD);
        assertThat(names(twins.list(PluginFilter.ALL))).containsExactly(
                "registry.example.com:5000/x/y:latest",
                "u:latest", "u:latest", "vieux/sshfs:v2");
        assertThatThrownBy(() -> twins.named("u")).isInstanceOf(AmbiguousPluginException.class);
        assertThat(twins.named("e0").plugin().id()).isEqualTo(Lives.id("e0"));
        assertThat(twins.named(FIRST.hex()).plugin().id()).isEqualTo(FIRST);
        assertThat(twins.sharedNames()).singleElement()
                .asString()
                .contains("u:latest", FIRST.shortHex(), Lives.id("e0").shortHex());

        var one = twins.without(view(FIRST, "u"));

        assertThat(one.named("u").plugin().id()).isEqualTo(Lives.id("e0"));
        assertThat(one.hasName(PluginName.parse("u"))).isTrue();
        assertThat(one.sharedNames()).isEmpty();
    }

    @Test
    void aNameIsNotTakenByOneThatBeginsLikeIt() {
        assertThat(snapshot.hasName(PluginName.parse("vieux/sshfs:v"))).isFalse();
        assertThat(snapshot.hasName(PluginName.parse("vieux/sshfs:v22"))).isFalse();
        assertThatThrownBy(() -> snapshot.named("vieux/sshfs:v")).isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void aFolderThatCannotBeReadIsNoPluginButSaysWhy() {
        PluginId folder = Lives.id("f0");
        var damaged = snapshot.unreadable(folder, "it is torn");
        assertThatThrownBy(() -> damaged.named(folder.hex())).isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("it is torn");
        assertThat(damaged.list(PluginFilter.ALL)).hasSize(3);
        assertThatThrownBy(() -> damaged.readable(folder).named(folder.hex()))
                .isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void aFullIdIsNeverAName() {
        String digits = "f".repeat(64);
        assertThatThrownBy(() -> snapshot.named(digits)).isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    @DisplayName("D6: a list is sorted by name and never changes under its reader")
    void aListIsSortedAndFrozenD6() {
        List<PluginView> before = snapshot.list(PluginFilter.ALL);
        var after = snapshot.without(view(FIRST, "u")).with(view(Lives.id("01"), "a"), RECORD);
        assertThat(names(before)).containsExactly("registry.example.com:5000/x/y:latest", "u:latest",
                "vieux/sshfs:v2");
        assertThat(names(snapshot.list(PluginFilter.ALL))).isEqualTo(names(before));
        assertThat(names(after.list(PluginFilter.ALL))).containsExactly("a:latest",
                "registry.example.com:5000/x/y:latest", "vieux/sshfs:v2");
        assertThatThrownBy(() -> before.add(view(FIRST, "u")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void listsWhatPassesTheFilter() {
        var filter = new PluginFilter(Optional.empty(), List.of("networkdriver"));
        assertThat(snapshot.list(filter)).isEmpty();
        var more = snapshot.with(Views.of(new PluginState.Stopped(
                Lives.of(Lives.record(Lives.id("77"), "net", "docker.networkdriver/1.0")))), RECORD);
        assertThat(names(more.list(filter))).containsExactly("net:latest");
    }

    @Test
    void knowsItsNamesAndIds() {
        assertThat(snapshot.hasName(PluginName.parse("docker.io/library/u"))).isTrue();
        assertThat(snapshot.hasName(PluginName.parse("u:v1"))).isFalse();
        assertThat(snapshot.find(FIRST)).isPresent();
        assertThat(snapshot.without(view(FIRST, "u")).find(FIRST)).isEmpty();
    }

    @Test
    void keepsThoseApartWhoseStatusHasAReason() {
        PluginView well = view(FIRST, "u");
        Status now = well.status();
        var ill = new PluginView(well.plugin(), new Status(now.state(), now.since(), now.generation(),
                now.restarts(), now.lastExit(), now.lastErrorLines(), Optional.of("it crashed"),
                now.nextTry()));
        assertThat(snapshot.noted()).isEmpty();
        var noted = snapshot.with(ill, RECORD);
        assertThat(noted.noted().values()).containsExactly(ill);
        assertThat(noted.unreadable(SECOND, "it is torn").noted().values()).containsExactly(ill);
        assertThat(noted.with(well, RECORD).noted()).isEmpty();
        assertThat(noted.without(ill).noted()).isEmpty();
    }

    private static List<String> names(List<PluginView> views) {
        return new ArrayList<>(views.stream().map(view -> view.plugin().name().familiar()).toList());
    }

    private static PluginView view(PluginId id, String name) {
        return Views.of(new PluginState.Stopped(Lives.of(Lives.record(id, name, "docker.volumedriver/1.0"))));
    }
}
