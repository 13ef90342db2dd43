package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginClient;
import dev.patchbay.PluginUse;
import dev.patchbay.plugin.InterfaceType;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class LookedUpTest {
    /** As many as are remembered. */
    private static final int MOST = 256;

    private static final InterfaceType VOLUMES = InterfaceType.asked("volumedriver");
    private static final InterfaceType NETWORKS = InterfaceType.asked("networkdriver");

    /** Nobody is called here. */
    private static final PluginClient NOBODY = (PluginClient) Proxy.newProxyInstance(
            LookedUpTest.class.getClassLoader(), new Class<?>[]{PluginClient.class}, (_, method, _) -> {
                throw new AssertionError(method);
            });

    private final LookedUp lookedUp = new LookedUp();
    private final Snapshot now = snapshot();

    /** Each is another moment, even if it shows the same. */
    private static Snapshot snapshot() {
        return new Snapshot(TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), TreePMap.empty(),
                TreePMap.empty());
    }

    private static PluginUse use(String name) {
        return new PluginUse(Optional.empty(), name, VOLUMES, 1, NOBODY);
    }

    @Test
    void findsWhatWasFoundInTheSameSnapshotByTheSameNameAndType() {
        PluginUse volumes = use("volumes");
        PluginUse networks = use("networks");
        lookedUp.keep(now, "a", VOLUMES, volumes);
        lookedUp.keep(now, "a", NETWORKS, networks);
        assertThat(lookedUp.find(now, "a", VOLUMES)).isSameAs(volumes);
        assertThat(lookedUp.find(now, "a", NETWORKS)).isSameAs(networks);
        assertThat(lookedUp.find(now, "b", VOLUMES)).isNull();
    }

    @Test
    void findsNothingAtFirst() {
        assertThat(lookedUp.find(now, "a", VOLUMES)).isNull();
        assertThat(lookedUp.find(Snapshot.EMPTY, "a", VOLUMES)).isNull();
    }

    @Test
    void anotherSnapshotKnowsNothingOfIt() {
        lookedUp.keep(now, "a", VOLUMES, use("old"));
        Snapshot next = snapshot();
        assertThat(lookedUp.find(next, "a", VOLUMES)).isNull();
        lookedUp.keep(next, "b", VOLUMES, use("new"));
        assertThat(lookedUp.find(next, "a", VOLUMES)).isNull();
        assertThat(lookedUp.find(now, "a", VOLUMES)).isNull();
    }

    @Test
    void whoeverIsBehindHasNothingThatIsTakenForNew() {
        Snapshot next = snapshot();
        lookedUp.keep(next, "a", VOLUMES, use("new"));
        lookedUp.keep(now, "a", VOLUMES, use("old"));
        assertThat(lookedUp.find(next, "a", VOLUMES)).isNull();
        assertThat(lookedUp.find(now, "a", VOLUMES)).extracting(PluginUse::name).isEqualTo("old");
    }

    @Test
    void remembersNoMoreThanSoManyUntilSomethingChanges() {
        IntStream.range(0, MOST).forEach(i -> lookedUp.keep(now, "p" + i, VOLUMES, use("p" + i)));
        lookedUp.keep(now, "one more", VOLUMES, use("one more"));
        assertThat(lookedUp.find(now, "one more", VOLUMES)).isNull();
        assertThat(IntStream.range(0, MOST))
                .allSatisfy(i -> assertThat(lookedUp.find(now, "p" + i, VOLUMES)).isNotNull());
        Snapshot next = snapshot();
        lookedUp.keep(next, "one more", VOLUMES, use("one more"));
        assertThat(lookedUp.find(next, "one more", VOLUMES)).isNotNull();
    }
}
