package dev.patchbay.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.PluginClient;
import dev.patchbay.client.Circuit.Outcome;
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

/** The client of one start of a plugin, with connections of its own. Must be {@link #end ended} when the start is over. */
public final class GenerationClient implements PluginClient {
    private static final PluginCall<Manifest> ACTIVATE_ONCE = PluginCall.of("Plugin.Activate",
            Manifest.class);
    private static final PluginCall<Manifest> ACTIVATE = ACTIVATE_ONCE.asRepeatable();

    private final PluginEndpoint endpoint;
    private final ClientOptions options;
    private final ClientThreads threads;
    private final Consumer<GenerationClient> whenEnded;
    private final Gate gate;
    private final Wire wire;
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Mono<Set<String>> asking;
    private final AtomicReference<@Nullable Set<String>> said = new AtomicReference<>();

    /** What a plugin says of itself. */
    record Manifest(@JsonProperty("Implements") List<String> subsystems) {}

    GenerationClient(PluginEndpoint endpoint, ClientOptions options, ClientThreads threads,
            Consumer<GenerationClient> whenEnded) {
        this.endpoint = endpoint;
        this.options = options;
        this.threads = threads;
        this.whenEnded = whenEnded;
        this.gate = new Gate(endpoint.generation(), options, threads.clock());
        this.wire = new Wire(endpoint, options.limits(), threads.loops(), threads.clock());
        this.asking = activate(ACTIVATE).cacheInvalidateIf(_ -> false); // a failure is not kept
    }

    @Override
    public String plugin() {
        return endpoint.plugin();
    }

    @Override
    public PluginAddress address() {
        return endpoint.address();
    }

    @Override
    public String scheme() {
        return endpoint.scheme();
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
        return Mono.defer(() -> {
            Asked asked = asked(call);
            Mono<Answer> once = Mono.defer(() -> once(asked));
            Mono<Answer> answer = call.repeatable() ? once.retryWhen(repetition(asked).asRetry()) : once;
            return answer.flatMap(whole -> decoded(asked.call(), whole, call.answer()));
        });
    }

    private Repetition repetition(Asked asked) {
        return new Repetition(options.retries(), threads.clock(), ended.asMono()
                .then(Mono.error(
                        () -> new PluginCallException.Ended(asked.call(), endpoint.generation()))));
    }

    private Mono<Answer> once(Asked asked) {
        var exchange = new Exchange<Answer>(asked, endpoint.generation(), threads.clock().nanos());
        Passage passage = gate.forCall(asked, exchange);
        return Exchange.whole(exchange, wire.pooled(), options.maxAnswerBytes())
                .doOnSuccess(_ -> passage.end(Outcome.ANSWERED))
                .doOnError(failure -> passage.end(outcome(failure)))
                .doOnCancel(() -> passage.end(Outcome.ABANDONED));
    }

    private <A> Mono<A> decoded(Call call, Answer answer, Class<A> type) {
        return answer.isLarge() || !Codec.knows(type)
                ? Mono.fromCallable(() -> Codec.decode(call, answer, type))
                        .subscribeOn(threads.codec())
                        .flatMap(Mono::justOrEmpty)
                : Mono.justOrEmpty(Codec.decode(call, answer, type));
    }

    @Override
    public Flux<ByteBuffer> stream(PluginCall<?> call) {
        return Flux.defer(() -> {
            Asked asked = asked(call);
            var exchange = new Exchange<ByteBuffer>(asked, endpoint.generation(), threads.clock().nanos());
            Passage passage = gate.forStream(asked, exchange);
            return Exchange.streamed(exchange, wire.single(), passage::answered)
                    .doOnComplete(() -> passage.end(Outcome.ANSWERED))
                    .doOnError(failure -> passage.end(outcome(failure)))
                    .doOnCancel(() -> passage.end(Outcome.ABANDONED));
        });
    }

    private Asked asked(PluginCall<?> call) {
        Asked asked = Asked.of(endpoint.plugin(), call, options.timeout());
        if (!endpoint.speaksDocker()) {
            throw new PluginCallException.OtherScheme(asked.call(), endpoint.scheme(), endpoint.address());
        }
        return asked;
    }

    private static Outcome outcome(Throwable failure) {
        return switch (failure) {
            case PluginCallException call -> switch (call) {
                case PluginCallException.Broken _,PluginCallException.TimedOut _,PluginCallException.Unreachable _ ->
                    Outcome.FAILED;
                case PluginCallException.Refused _,PluginCallException.TooLarge _,PluginCallException.Unreadable _ ->
                    Outcome.ANSWERED;
                case PluginCallException.CircuitOpen _,PluginCallException.Ended _,PluginCallException.NotImplemented _,PluginCallException.OtherScheme _,PluginCallException.TooMany _ ->
                    Outcome.ABANDONED;
            };
            default -> Outcome.ABANDONED; // what was to be sent failed, or whoever was to read it
        };
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
            gate.inFlight().refuse();
            return Mono.<Void>fromRunnable(() -> {
                var _ = ended.tryEmitEmpty();
                gate.inFlight().end();
                whenEnded.accept(this);
            }).subscribeOn(threads.clock().scheduler()).then(wire.close());
        });
    }

    /** How many exchanges are under way. */
    int underWay() {
        return gate.inFlight().size();
    }
}
