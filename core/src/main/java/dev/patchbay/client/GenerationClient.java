package dev.patchbay.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.PluginClient;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** The client of one start of a plugin, with connections of its own. Must be {@link #end ended} when the start is over. */
public final class GenerationClient implements PluginClient {
    private static final PluginCall<Manifest> ACTIVATE_ONCE = PluginCall.of("Plugin.Activate",
            Manifest.class);
    private static final PluginCall<Manifest> ACTIVATE = ACTIVATE_ONCE.asRepeatable();

    private final CallMeans means;
    private final Scheduler timer;
    private final Consumer<GenerationClient> whenEnded;
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Mono<Set<String>> asking;
    private final AtomicReference<@Nullable Set<String>> said = new AtomicReference<>();

    /** What a plugin says of itself. */
    record Manifest(@JsonProperty("Implements") List<String> subsystems) {}

    GenerationClient(CallMeans means, Consumer<GenerationClient> whenEnded) {
        this.means = means;
        this.timer = means.clock().scheduler();
        this.whenEnded = whenEnded;
        this.asking = activate(ACTIVATE).cacheInvalidateIf(_ -> false); // a failure is not kept
    }

    @Override
    public String plugin() {
        return means.endpoint().plugin();
    }

    @Override
    public PluginAddress address() {
        return means.endpoint().address();
    }

    @Override
    public String scheme() {
        return means.endpoint().scheme();
    }

    @Override
    public Mono<Set<String>> subsystems() {
        return known(asking);
    }

    /** As {@link #subsystems}, but asks only once: for who knows that there was no answer a moment ago. */
    public Mono<Set<String>> subsystemsAtOnce() {
        return known(activate(ACTIVATE_ONCE));
    }

    private Mono<Set<String>> known(Mono<Set<String>> otherwise) {
        return Mono.defer(() -> {
            Set<String> known = said.get();
            return known == null ? otherwise : Mono.just(known);
        });
    }

    private Mono<Set<String>> activate(PluginCall<Manifest> call) {
        return call(call).map(manifest -> {
            Set<String> names = new LinkedHashSet<>(manifest.subsystems());
            said.set(names);
            return names;
        });
    }

    @Override
    public Mono<PluginClient> implementing(String subsystem) {
        return subsystems().map(names -> {
            if (names.stream().noneMatch(subsystem::equalsIgnoreCase)) {
                throw new PluginCallException.NotImplemented(new Call(plugin(), ACTIVATE.method()),
                        subsystem);
            }
            return this;
        });
    }

    @Override
    public <A> Mono<A> call(PluginCall<A> call) {
        if (!call.repeatable()) {
            return new Asking<>(means, () -> asked(call), call.answer());
        }
        return Mono.defer(() -> {
            Asked asked = asked(call);
            return new Asking<>(means, () -> asked, call.answer()).retryWhen(repetition(asked).asRetry());
        });
    }

    private Repetition repetition(Asked asked) {
        return new Repetition(means.options().retries(), means.clock(), ended.asMono()
                .then(Mono.error(() -> new PluginCallException.Ended(asked.call(),
                        means.endpoint().generation()))));
    }

    @Override
    public Flux<ByteBuffer> stream(PluginCall<?> call) {
        return Flux.defer(() -> StreamedCall.of(means, asked(call)));
    }

    private Asked asked(PluginCall<?> call) {
        PluginEndpoint endpoint = means.endpoint();
        Asked asked = Asked.of(endpoint.plugin(), call, means.options().timeout(), means.codec());
        if (!endpoint.speaksDocker()) {
            throw new PluginCallException.OtherScheme(asked.call(), endpoint.scheme(), endpoint.address());
        }
        return asked;
    }

    /**
     * Ends it, for good: what is under way fails at once, and connections are closed.
     *
     * <p><b>Cold</b>, and worth subscribing to once. From then on nothing is sent any more. <b>Threads:</b> whoever waits for
     * an answer is told on {@code plugin-calls}, which is where this completes. <b>Cancelling</b> may leave idle connections
     * open until they have been so for some seconds.
     */
    public Mono<Void> end() {
        return Mono.defer(() -> {
            means.gate().inFlight().refuse();
            return Mono.<Void>fromRunnable(() -> {
                var _ = ended.tryEmitEmpty();
                means.gate().inFlight().end();
                whenEnded.accept(this);
            }).subscribeOn(timer).then(means.wire().close());
        });
    }

    /** How many exchanges are under way. */
    int underWay() {
        return means.gate().inFlight().size();
    }
}
