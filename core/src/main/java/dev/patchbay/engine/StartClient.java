package dev.patchbay.engine;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.PluginClient;
import dev.patchbay.client.PluginEndpoint;
import dev.patchbay.plugin.PluginId;
import java.nio.ByteBuffer;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What whoever looked a plugin up calls it by. Nothing is made before the first call. */
record StartClient(Clients clients, PluginId id, PluginEndpoint start) implements PluginClient {
    private static final String ACTIVATE = "Plugin.Activate";

    @Override
    public String plugin() {
        return start.plugin();
    }

    @Override
    public PluginAddress address() {
        return start.address();
    }

    @Override
    public String scheme() {
        return start.scheme();
    }

    @Override
    public Mono<Set<String>> subsystems() {
        return Mono.defer(() -> connected(ACTIVATE).subsystems());
    }

    @Override
    public Mono<PluginClient> implementing(String subsystem) {
        return Mono.defer(() -> connected(ACTIVATE).implementing(subsystem));
    }

    @Override
    public <A> Mono<A> call(PluginCall<A> call) {
        return Mono.defer(() -> connected(call.method()).call(call));
    }

    @Override
    public Flux<ByteBuffer> stream(PluginCall<?> call) {
        return Flux.defer(() -> connected(call.method()).stream(call));
    }

    private PluginClient connected(String method) {
        return clients.of(id, start)
                .orElseThrow(() -> new PluginCallException.Ended(new Call(plugin(), method),
                        start.generation()));
    }
}
