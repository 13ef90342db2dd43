package dev.patchbay.engine;

import dev.patchbay.EngineClosedException;
import dev.patchbay.PluginUse;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.use.Holder;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** A volume plugin called {@code echo}, and those who use it, on virtual time. */
final class EchoInUse implements AutoCloseable {
    static final Holder DB = Holder.durable("volume-db", "volume db");
    static final Duration WRITE = Duration.ofMillis(100);

    EngineWorld world = new EngineWorld();

    /** A use with the label {@code x}. */
    Mono<String> use(Mono<String> work) {
        return use(work, "x");
    }

    Mono<String> use(Mono<String> work, String label) {
        return world.plugins.<String>use("echo", "volumedriver", label, _ -> work).single();
    }

    /** A use that lasts as long as the engine. */
    void begin(String label) {
        use(Mono.never(), label).onErrorComplete(EngineClosedException.class).subscribe();
    }

    Mono<PluginUse> lookUp(String capability) {
        return world.plugins.lookUp("echo", capability);
    }

    Mono<PluginUse> acquire(Holder holder) {
        return world.plugins.acquire("echo", "volumedriver", holder);
    }

    List<String> labels() {
        return world.view("echo").inUseBy().stream().map(Holder::label).toList();
    }

    /** The last event of a type. */
    PluginEvent event(EventType type) {
        return world.events.stream().filter(event -> event.type() == type).toList().getLast();
    }

    /** Kills the engine and opens another one. */
    void kill() {
        world = world.killed(_ -> {}, _ -> {});
    }

    @Override
    public void close() {
        world.close();
    }
}
