package dev.patchbay.registry;

import dev.patchbay.reference.Reference;
import dev.patchbay.stream.UntilFailure;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Registries over HTTP, by the OCI distribution specification and what Docker's registries add to it.
 *
 * <p><b>Threads:</b> {@code registry-http-*} wait for sockets, {@code registry-timer} for time, {@code registry-files-*}
 * read certificates; all begin with the first use and end with {@link #close()}. <b>Memory:</b> some hundred kilobytes for
 * each blob under way, whatever its size.
 */
public final class HttpRegistry implements Registry {
    private static final String CLOSED = "the client for registries was closed";

    /** What talks. Made by the first who needs it: it takes tens of milliseconds, which no start should wait for. */
    private record Parts(Wire wire, Toolbox tools) {
        static Parts of(RegistryConfig config, Sockets sockets, Timers timers) {
            var wire = new Wire(config, sockets, timers);
            return new Parts(wire,
                    Toolbox.of(config, wire, new InsecureHosts(config.insecure(), sockets.names()), timers));
        }

        Mono<Void> close() {
            tools.timers().scheduler().dispose();
            return wire.close();
        }
    }

    private final Supplier<Parts> opening;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private @Nullable Parts parts; // under this object's lock
    private boolean ended; // under this object's lock

    private HttpRegistry(Supplier<Parts> opening) {
        this.opening = opening;
    }

    /** Opens one. Connects to nothing; must be closed. */
    public static HttpRegistry open(RegistryConfig config) {
        return open(config, Sockets::open);
    }

    /** As {@link #open(RegistryConfig)}, for tests that put other addresses behind names. */
    static HttpRegistry open(RegistryConfig config, Supplier<Sockets> sockets) {
        return new HttpRegistry(() -> Parts.of(config, sockets.get(), new Timers(
                Schedulers.newSingle("registry-timer", true), InstantSource.system(),
                RandomGenerator.getDefault())));
    }

    @Override
    public Repository repository(Reference name, Action action, RegistryAccess access) {
        return parts().<Repository>map(
                open -> new HttpRepository(new Session(name, action, access, open.tools()), closed.asMono()))
                .orElseGet(() -> new NoRegistry(CLOSED));
    }

    @Override
    public Mono<String> login(String server, Credentials credentials) {
        return Mono.defer(() -> parts().map(
                open -> UntilFailure.of(new Login(open.tools(), server, credentials).run(), closed.asMono()))
                .orElseGet(() -> new NoRegistry(CLOSED).login(server, credentials)));
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            // A second call changes nothing.
            var _ = closed.tryEmitError(new RegistryException.Unavailable(CLOSED, null));
            return ended().map(Parts::close).orElseGet(Mono::empty);
        });
    }

    /** Nothing once it was closed. */
    private synchronized Optional<Parts> parts() {
        if (parts == null && !ended) {
            parts = opening.get();
        }
        return ended ? Optional.empty() : Optional.ofNullable(parts);
    }

    private synchronized Optional<Parts> ended() {
        ended = true;
        return Optional.ofNullable(parts);
    }
}
