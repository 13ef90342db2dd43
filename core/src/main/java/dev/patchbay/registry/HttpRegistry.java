package dev.patchbay.registry;

import dev.patchbay.reference.Reference;
import dev.patchbay.stream.UntilFailure;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Registries over HTTP, by the OCI distribution specification and what Docker's registries add to it.
 *
 * <p><b>Threads:</b> {@code registry-http-*} wait for sockets, {@code registry-timer} for time, {@code registry-files-*}
 * read certificates; all end with {@link #close()}. <b>Memory:</b> some hundred kilobytes for each blob under way,
 * whatever its size.
 */
public final class HttpRegistry implements Registry {
    private final Wire wire;
    private final Toolbox tools;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private HttpRegistry(RegistryConfig config, Sockets sockets, Timers timers) {
        this.wire = new Wire(config, sockets, timers);
        this.tools = Toolbox.of(config, wire, new InsecureHosts(config.insecure(), sockets.names()), timers);
    }

    /** Opens one. Connects to nothing; must be closed. */
    public static HttpRegistry open(RegistryConfig config) {
        return open(config, Sockets.open());
    }

    /** As {@link #open(RegistryConfig)}, for tests that put other addresses behind names. */
    static HttpRegistry open(RegistryConfig config, Sockets sockets) {
        return new HttpRegistry(config, sockets, new Timers(Schedulers.newSingle("registry-timer", true),
                InstantSource.system(), RandomGenerator.getDefault()));
    }

    @Override
    public Repository repository(Reference name, Action action, RegistryAccess access) {
        return new HttpRepository(new Session(name, action, access, tools), closed.asMono());
    }

    @Override
    public Mono<String> login(String server, Credentials credentials) {
        return UntilFailure.of(new Login(tools, server, credentials).run(), closed.asMono());
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            // A second call changes nothing.
            var _ = closed.tryEmitError(
                    new RegistryException.Unavailable("the client for registries was closed", null));
            tools.timers().scheduler().dispose();
            return wire.close();
        });
    }
}
