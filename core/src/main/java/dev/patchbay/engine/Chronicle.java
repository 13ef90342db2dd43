package dev.patchbay.engine;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventBus;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the world sees of the state thread's work: the snapshot, numbered events, one log line for each. Written on the
 * state thread only; the snapshot is read on any.
 */
final class Chronicle {
    private static final Logger LOG = LoggerFactory.getLogger("dev.patchbay.plugins");

    private final EventBus bus = new EventBus();
    private volatile Snapshot snapshot = Snapshot.EMPTY;
    private volatile Cursor head; // written on the state thread only

    Chronicle(String epoch) {
        this.head = new Cursor(epoch, 0);
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** The place of the newest event: told already, or being told. */
    Cursor head() {
        return head;
    }

    EventBus bus() {
        return bus;
    }

    void show(PluginState state) {
        snapshot = snapshot.with(Views.of(state), state.life().record());
    }

    void hide(PluginId plugin) {
        snapshot = snapshot.find(plugin).map(snapshot::without).orElse(snapshot);
    }

    /** A folder that no plugin can be read from. @return whether that is news */
    boolean tellUnreadable(PluginId folder, String why) {
        boolean news = !why.equals(snapshot.unreadable().get(folder.hex()));
        snapshot = snapshot.unreadable(folder, why);
        return news;
    }

    /** It can be read. */
    void readable(PluginId folder) {
        snapshot = snapshot.readable(folder);
    }

    void tell(List<Fact> facts, Life life, Instant at, String requestId) {
        for (Fact fact : facts) {
            FactEvents.of(fact, life.generation())
                    .ifPresent(news -> tell(news.type(), life, news.generation(), news.attributes(), at,
                            requestId));
        }
    }

    void tellInstalled(Life life, Delivery delivery, Instant at, String requestId) {
        switch (delivery.origin()) {
            case Delivery.Origin.Local() -> tell(EventType.CREATE, life, 0, Map.of(), at, requestId);
            case Delivery.Origin.Remote(Reference reference) -> tell(EventType.PULL, life, 0, Map.of(
                    "reference", reference.full(),
                    "digest", delivery.staged().manifestDigest().toString()), at, requestId);
        }
    }

    private void tell(
            EventType type,
            Life life,
            int generation,
            Map<String, String> attributes,
            Instant at,
            String requestId) {
        // Before the listeners hear of it: whoever listens and then reads the head misses nothing in between.
        Cursor place = new Cursor(head.epoch(), head.seq() + 1);
        head = place;
        LOG.info("{} plugin={} id={} generation={} {} request={}", type.wireName(), life.name(),
                life.id().shortHex(),
                generation, attributes, requestId);
        bus.publish(new PluginEvent(
                place, at, type, life.id(), life.name(), generation, attributes));
    }
}
