package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** Who can do something is told to whoever wants to know, on virtual time. */
class ArrivalsTest {
    private final EngineWorld world = new EngineWorld();
    private final Listener quick = new Listener(Long.MAX_VALUE);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("D28: a disable that fails changes nothing, forced removals are departures, and enables are arrivals again")
    void tellsWhoComesAndGoesD28() {
        world.enabled("one");
        world.plugins.arrivals("VolumeDriver").subscribe(quick);
        world.settle();
        assertThat(quick.heard).containsExactly("+one");

        world.enabled("two");
        assertThat(world.ask(world.plugins.disable("none", Force.NO)).isOver()).isTrue();
        world.plugins.use("two", "volumedriver", "x", _ -> Mono.never()).onErrorComplete().subscribe();
        assertThat(world.ask(world.plugins.disable("two", Force.NO)).isOver()).isTrue();
        assertThat(quick.heard).containsExactly("+one", "+two");

        world.ask(world.plugins.disable("two", Force.YES)).done();
        world.ask(world.plugins.enable("two", EngineWorld.TIMEOUT)).done();
        world.ask(world.plugins.remove("one", Force.YES)).done();
        assertThat(quick.heard).containsExactly("+one", "+two", "-two", "+two", "-one");
    }

    @Test
    void leavesAtOnceThoughItsContainerTakesItsTime() {
        PluginId id = world.create("one");
        world.script(id, FakeBehaviour.LISTENS.ignoringTerm());
        world.ask(world.plugins.enable("one", EngineWorld.TIMEOUT)).done();
        world.plugins.arrivals("volumedriver").subscribe(quick);
        var disabled = world.ask(world.plugins.disable("one", Force.NO));
        assertThat(disabled.isOver()).isFalse();
        assertThat(quick.heard).containsExactly("+one", "-one");
    }

    @Test
    void staysOverACrash() {
        PluginId id = world.enabled("one");
        world.plugins.arrivals("volumedriver").subscribe(quick);
        world.script(id, FakeBehaviour.LISTENS.neverListening());
        world.executor.end(id, new ExitStatus.Exited(1));
        world.pass(Duration.ofSeconds(40));
        assertThat(world.state("one")).isNotEqualTo(State.RUNNING);
        assertThat(quick.heard).containsExactly("+one");
    }

    @Test
    @DisplayName("D55: nobody waits for a listener that is slow, and that hears what became of each in the end")
    void waitsForNoListenerD55() {
        var slow = new Listener(0);
        world.plugins.arrivals("volumedriver").subscribe(slow);
        world.plugins.arrivals("volumedriver").subscribe(quick);
        world.settle();
        world.enabled("one");
        world.enabled("two");
        for (int round = 0; round < 500; round++) {
            world.ask(world.plugins.disable("one", Force.NO)).done();
            world.ask(world.plugins.enable("one", EngineWorld.TIMEOUT)).done();
        }
        world.ask(world.plugins.disable("two", Force.NO)).done();
        assertThat(quick.heard).hasSize(2 + 1000 + 1);
        assertThat(slow.heard).isEmpty();
        slow.request(Long.MAX_VALUE);
        world.settle();
        assertThat(slow.heard.size()).isLessThan(10);
        assertThat(slow.present()).containsExactly("one");
        assertThat(quick.present()).containsExactly("one");
    }

    @Test
    void tellsOfOneThatIsAnotherBetweenTwoComparisons() {
        world.registry.publish("docker.io/me/echo:1", Publications.withEnv("one", "DEBUG=0"));
        world.registry.publish("docker.io/me/echo:2", Publications.withEnv("two", "DEBUG=0"));
        world.ask(world.plugins.install(new InstallRequest(Reference.parse("docker.io/me/echo:1"),
                Optional.empty(), List.of(), RegistryAccess.ANONYMOUS)).then()).done();
        world.ask(world.plugins.enable("me/echo:1", EngineWorld.TIMEOUT)).done();
        var slow = new Listener(1);
        world.plugins.arrivals("volumedriver").subscribe(slow);
        world.settle();
        world.enabled("other"); // compared, and not taken: what follows is compared when it is
        world.ask(world.plugins.disable("me/echo:1", Force.NO)).done();
        world.ask(world.plugins.upgrade("me/echo:1", new UpgradeRequest(
                Reference.parse("docker.io/me/echo:2"), List.of(), RegistryAccess.ANONYMOUS)).then()).done();
        world.ask(world.plugins.enable("me/echo:1", EngineWorld.TIMEOUT)).done();
        assertThat(slow.heard).containsExactly("+me/echo:1");
        slow.request(Long.MAX_VALUE);
        world.settle();
        assertThat(slow.heard).containsExactly("+me/echo:1", "+other", "-me/echo:1", "+me/echo:1");
        assertThat(slow.plugins.get(2).plugin().reference()).endsWith("echo:1");
        assertThat(slow.plugins.getLast().plugin().reference()).endsWith("echo:2");
    }

    @Test
    void comparesOnlyWhenWhoIsPresentMayBeAnother() {
        PluginId id = world.enabled("one");
        world.script(id, FakeBehaviour.LISTENS.neverListening());
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();
        assertThat(world.events)
                .filteredOn(event -> !Arrivals.mayChange(new EventSignal.Happened(event, 0)))
                .extracting(PluginEvent::type)
                .contains(EventType.CREATE, EventType.EXIT, EventType.CRASH);
        assertThat(world.events)
                .filteredOn(event -> Arrivals.mayChange(new EventSignal.Happened(event, 0)))
                .extracting(PluginEvent::type)
                .contains(EventType.ENABLE);
    }

    @Test
    void endsWithTheEngine() {
        world.plugins.arrivals("volumedriver").subscribe(quick);
        world.enabled("one");
        world.ask(world.plugins.close());
        world.pass(Duration.ofMinutes(1));
        assertThat(quick.completed).isTrue();
        assertThat(quick.heard).containsExactly("+one");
    }

    /** Writes down who came and went. */
    private static final class Listener extends BaseSubscriber<PluginPresence> {
        private final List<String> heard = new ArrayList<>();
        private final List<PluginView> plugins = new ArrayList<>();
        private final long first;
        private boolean completed;

        Listener(long first) {
            this.first = first;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (first > 0) {
                subscription.request(first);
            }
        }

        @Override
        protected void hookOnNext(PluginPresence presence) {
            plugins.add((PluginView) presence.plugin());
            String name = presence.plugin().name().replace(":latest", "");
            heard.add(switch (presence) {
                case PluginPresence.Arrived _ -> "+" + name;
                case PluginPresence.Departed _ -> "-" + name;
            });
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }

        private List<String> present() {
            List<String> names = new ArrayList<>();
            for (String one : heard) {
                if (one.startsWith("+")) {
                    names.add(one.substring(1));
                } else {
                    assertThat(names.remove(one.substring(1))).isTrue();
                }
            }
            return names;
        }
    }
}
