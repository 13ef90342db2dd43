package dev.patchbay.simulation;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.plugin.PluginId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Two who want to know which plugins come and go, over the whole life of an engine: one listens at once, one slowly. */
final class Presences implements Invariant {
    private static final String CAPABILITY = "VolumeDriver";
    private static final long SLOWNESS = 300 * VirtualTime.MILLISECOND;

    private final World world;
    private Listener quick;
    private Listener slow;

    Presences(World world) {
        this.world = world;
        this.quick = new Listener(0);
        this.slow = new Listener(0);
    }

    @Override
    public String sentence() {
        return "who listens to arrivals is told of each plugin in turn that it came and that it went, and knows in the end who"
                + " is there";
    }

    /** An engine was opened. */
    void listen(Plugins plugins) {
        quick = new Listener(0);
        slow = new Listener(SLOWNESS);
        plugins.arrivals(CAPABILITY).subscribe(quick);
        plugins.arrivals(CAPABILITY).subscribe(slow);
    }

    /** After all has been well for a while. */
    void check(List<PluginView> views) {
        Set<PluginId> enabled = new HashSet<>();
        views.stream()
                .filter(view -> view.plugin().enabled())
                .forEach(view -> enabled.add(view.plugin().id()));
        for (Listener listener : List.of(quick, slow)) {
            if (!listener.present.equals(enabled)) {
                world.witness()
                        .broken(this, (listener == slow ? "the slow one" : "the quick one") + " knows of "
                                + listener.present + ", enabled are " + enabled);
            }
        }
    }

    private final class Listener extends BaseSubscriber<PluginPresence> {
        private final Set<PluginId> present = new HashSet<>();
        private final long pause;

        Listener(long pause) {
            this.pause = pause;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(pause == 0 ? Long.MAX_VALUE : 1);
        }

        @Override
        protected void hookOnNext(PluginPresence presence) {
            PluginId id = switch (presence.plugin()) {
                case PluginView view -> view.plugin().id();
                case LegacyPlugin legacy -> throw new AssertionError("nobody looks for " + legacy);
            };
            boolean news = switch (presence) {
                case PluginPresence.Arrived _ -> present.add(id);
                case PluginPresence.Departed _ -> present.remove(id);
            };
            if (!news) {
                world.witness().broken(Presences.this, "told once more: " + presence);
            }
            if (pause > 0) {
                var _ = world.outside().after(pause, () -> request(1));
            }
        }
    }
}
