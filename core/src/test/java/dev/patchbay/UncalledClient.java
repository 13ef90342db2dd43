package dev.patchbay;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A client that only says where its plugin is. */
public class UncalledClient implements PluginClient {
    @Override
    public String plugin() {
        return "sample:latest";
    }

    @Override
    public PluginAddress address() {
        return new PluginAddress.Unix(Path.of("/run/sample/p.sock"));
    }

    @Override
    public String scheme() {
        return "moby.plugins.http/v1";
    }

    @Override
    public Mono<Set<String>> subsystems() {
        return Mono.error(new UnsupportedOperationException("nobody calls anything here"));
    }

    @Override
    public Mono<PluginClient> implementing(String subsystem) {
        return Mono.error(new UnsupportedOperationException("nobody calls anything here"));
    }

    @Override
    public <A> Mono<A> call(PluginCall<A> call) {
        return Mono.error(new UnsupportedOperationException("nobody calls anything here"));
    }

    @Override
    public Flux<ByteBuffer> stream(PluginCall<?> call) {
        return Flux.error(new UnsupportedOperationException("nobody calls anything here"));
    }
}
