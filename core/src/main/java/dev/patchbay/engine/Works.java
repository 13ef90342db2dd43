package dev.patchbay.engine;

import dev.patchbay.EngineBusyException;
import dev.patchbay.EngineClosedException;
import dev.patchbay.Health;
import dev.patchbay.PluginSnapshot;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.client.PluginClients;
import dev.patchbay.engine.Command.Asked;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.event.Actor;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventType;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.legacy.LegacyPlugins;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.StoreException;
import dev.patchbay.stream.Occasion;
import dev.patchbay.stream.TimeLimit;
import dev.patchbay.stream.UntilFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The engine's parts, put together: opens them in order, closes them in the other. */
final class Works implements Claim.Mail {
    private static final Logger LOG = LoggerFactory.getLogger(Works.class);

    private final EngineConfig config;
    private final EngineThreads threads;
    private final EngineParts parts;
    private final FedWorks fedWorks;
    private final Mailbox mailbox;
    private final EventRecorder recorder;
    private final Chronicle chronicle;
    private final EffectRunner effects;
    private final StateOwner owner;
    private final Restoration restoration;
    private final PluginOutput output;
    private final Clients clients;
    private final LegacyPlugins legacy;
    private final Tally tally = new Tally();
    private final Measurements measurements;

    private final Disposable.Swap reading = Disposables.swap();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Occasion ended = new Occasion();
    private final Submission.Ways ways;
    private volatile boolean closed;

    Works(EngineConfig config, EngineParts parts, EventRecorder recorder, EngineThreads threads) {
        this.config = config;
        this.threads = threads;
        this.parts = parts;
        this.fedWorks = new FedWorks(config.limits(), threads);
        this.ways = new Submission.Ways(threads.replies(), ended);
        this.mailbox = new Mailbox(config.mailboxSize(), threads.state());
        this.recorder = recorder;
        this.chronicle = new Chronicle(recorder, config.specOptions().limits(), tally);
        this.clients = new Clients(config.client(), plugin -> snapshot().find(plugin), tally::called);
        chronicle.whenChanged(clients::changed);
        this.effects = new EffectRunner(parts.executor(), parts.store(), mailbox, config, threads);
        this.measurements = new Measurements(tally, mailbox, recorder, effects,
                new UsageWatch(parts.executor(), threads.timers()));
        var round = new FirstRound(this::restored);
        this.owner = new StateOwner(config, effects, chronicle, round, threads.clock());
        this.restoration = new Restoration(parts.executor(), mailbox, chronicle, round, config,
                threads);
        this.output = new PluginOutput();
        this.legacy = new LegacyPlugins(config.legacyFolders(), new LegacyPlugins.Outside(threads.looks(),
                threads.timers(), threads.replies(), clients::unmanaged));
    }

    /** Begins with what is on disk. */
    Works begin(List<Loaded> found) {
        PluginClients.load(); // here it may block; where the first call is made it may not
        found.forEach(owner::adopt);
        chronicle.noteStart(threads.clock().instant());
        restoration.begin();
        effects.open();
        reading.replace(mailbox.subscribe(
                owner::handle,
                e -> LOG.error("the state thread ended; restart the process", e)));
        output.follow(parts.executor().output());
        legacy.begin();
        return this;
    }

    private void restored(Map<String, String> counts) {
        mailbox.report(Letter.Noted.ofEngine(EventType.RESTORED, counts));
        // A process that ended between a removal and its collection left blobs behind. No plugin has to wait for them.
        mailbox.report(new Letter.GarbageLeft());
    }

    /** Tells that not exactly what content asks for was granted. Completes when the event of it can be read. */
    Mono<Void> privilegeRefused(Ticket ticket, PrivilegesException why) {
        return Mono.defer(() -> {
            var view = snapshot().find(ticket.plugin());
            String name = switch (ticket.claim()) {
                case Ticket.Claim.Name claim -> claim.name().familiar();
                case Ticket.Claim.Upgrade _ ->
                    view.map(it -> it.plugin().name().familiar()).orElse("");
            };
            return done((requestId, reply) -> report(new Letter.Noted(EventType.PRIVILEGE_REFUSED,
                    view.map(_ -> ticket.plugin()), name, Actor.caller(requestId),
                    Map.of("reason", String.valueOf(why.getMessage())), reply)));
        });
    }

    /**
     * Asks something of a plugin.
     *
     * @param command makes it, on the subscribing thread; what it throws the caller hears
     * @param result makes what the caller is given of what was done; {@code null} for nothing
     */
    <T> Mono<T> submit(Supplier<Asked> command, Function<Outcome.Done, @Nullable T> result) {
        return Submission.of(ways,
                (requestId, reply) -> send(new Letter.Ask(command.get(), requestId, reply)), result);
    }

    /** Asks something, and completes when it is done. */
    Mono<Void> submit(Asked command) {
        return submit(command, () -> {});
    }

    @Override
    public Mono<Void> submit(Asked command, Runnable taken) {
        return done((requestId, reply) -> {
            send(new Letter.Ask(command, requestId, reply));
            taken.run();
        });
    }

    /** Tells what a caller says happened. Completes when the event of it can be read. */
    Mono<Void> note(EventType type, Map<String, String> attributes) {
        return done((requestId, reply) -> send(new Letter.Noted(type, Optional.empty(), "",
                Actor.caller(requestId), attributes, reply)));
    }

    Mono<Void> reserve(Ticket ticket) {
        return done((_, reply) -> send(new Letter.Reserve(ticket, reply)));
    }

    Mono<Outcome.Done> install(Ticket ticket, Delivery delivery) {
        // Its place was granted with the reservation: a full mailbox must not waste what was staged.
        return Submission.of(ways,
                (requestId, reply) -> report(new Letter.Install(ticket, delivery, requestId, reply)),
                done -> done);
    }

    Mono<GarbageReport> collectGarbage(boolean dryRun) {
        Duration limit = config.limits().content();
        return TimeLimit.on(admitted(() -> {
            Sinks.One<GarbageReport> reply = Sinks.one();
            offer(new Letter.CollectGarbage(dryRun, reply));
            return answer(reply);
        }), limit, threads.timers(), Mono.<GarbageReport>error(() -> new PluginStorageException(
                "collecting garbage takes longer than " + Sentences.duration(limit)
                        + "; it goes on as soon as the disk answers",
                null)).subscribeOn(threads.replies()));
    }

    @Override
    public void follow(Command.LetGo command) {
        mailbox.follow(new Letter.Report(command));
    }

    void report(Letter letter) {
        mailbox.report(letter);
    }

    /** Some work that is given up, and fails, when the engine begins to close. */
    <T> Mono<T> untilClosing(Mono<T> work) {
        return untilClosing(work, () -> true);
    }

    /**
     * The same for work that may have gone too far to be given up.
     *
     * @param givenUp gives it up if that can be done, and says whether it is; if not, the work's own answer is waited for
     */
    <T> Mono<T> untilClosing(Mono<T> work, BooleanSupplier givenUp) {
        return Mono.defer(() -> {
            if (closed) {
                return Mono.error(new EngineClosedException()); // there is no thread to reply on any more
            }
            Mono<T> cut = closing.asMono()
                    .publishOn(threads.replies())
                    .then(Mono.defer(() -> givenUp.getAsBoolean()
                            ? Mono.error(new EngineClosedException())
                            : Mono.empty()));
            return UntilFailure.of(work, cut);
        });
    }

    /** Some work with its progress, which ends by itself when the engine begins to close. */
    <T> Flux<T> progress(Function<Progress.Teller<T>, Mono<T>> work) {
        return Flux.defer(() -> closed
                ? Flux.error(new EngineClosedException())
                : Progress.of(threads.replies(), work));
    }

    /** Some work that is given up, and fails, when the engine begins to close. */
    <T> Flux<T> untilClosing(Flux<T> work) {
        return UntilFailure.of(work, closing.asMono().then(Mono.error(EngineClosedException::new)));
    }

    /** Some work that the engine does not wait for, and that fails when it is closed. */
    <T> Flux<T> untilClosed(Flux<T> work) {
        return UntilFailure.of(work, ended().then(Mono.error(EngineClosedException::new)));
    }

    private Mono<Void> done(Submission.Sending sending) {
        return Submission.of(ways, sending, _ -> null);
    }

    private void send(Letter letter) {
        admit();
        offer(letter);
    }

    /** Whatever is let in causes events, or waits for some: not while many of either wait for the journal. */
    private void admit() {
        if (closed) {
            throw new EngineClosedException();
        }
        if (recorder.isCrowded()) {
            throw new EngineBusyException(EventRecorder.CROWD,
                    "events or answers wait for the event journal");
        }
    }

    private void offer(Letter letter) {
        if (!mailbox.offer(letter)) {
            throw new EngineBusyException(mailbox.capacity());
        }
    }

    private <T> Mono<T> admitted(Supplier<Mono<T>> work) {
        return Mono.defer(() -> {
            admit();
            return work.get();
        });
    }

    private <T> Mono<T> answer(Sinks.One<T> reply) {
        // A letter that the closing engine did not come to has no answer of its own.
        Mono<T> unread = ended.then(Mono.error(EngineClosedException::new));
        return reply.asMono().or(unread).publishOn(threads.replies());
    }

    /** Stops the plugins, then the parts. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            boolean _ = closing.tryEmitEmpty().isSuccess(); // closing is done once
            Sinks.One<List<String>> atRest = Sinks.one();
            mailbox.report(new Letter.Close(atRest));
            return TimeLimit
                    .on(atRest.asMono().filter(left -> !left.isEmpty()).map(UncleanCloseException::new),
                            config.shutdownTimeout(), threads.timers())
                    .onErrorResume(TimeoutException.class, _ -> gaveUp())
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty())
                    .flatMap(unclean -> closeParts()
                            .then(unclean.map(Mono::<Void>error).orElseGet(Mono::empty)));
        });
    }

    private Mono<UncleanCloseException> gaveUp() {
        // On the state thread, which alone knows.
        return Mono.fromSupplier(() -> new UncleanCloseException(owner.restless()))
                .doOnNext(unclean -> LOG.error("closing took longer than {}: {}",
                        Sentences.duration(config.shutdownTimeout()), unclean.getMessage()))
                .subscribeOn(threads.state());
    }

    /** Ends whatever has begun. */
    Mono<Void> closeParts() {
        closed = true;
        output.close();
        measurements.close();
        restoration.close();
        effects.close();
        reading.dispose();
        // Those whose answer waits for the journal have it before everybody else hears that there is none.
        return Closing.bounded("the event journal", recorder.close(), threads)
                .then(Mono.<Void>fromRunnable(ended::happen))
                .then(Closing.bounded("the search for legacy plugins", legacy.close(), threads))
                .then(Closing.bounded("the clients of plugins", clients.close(), threads))
                .then(Closing.release(parts, threads));
    }

    Health health() {
        return closed
                ? new Health(false, false, List.of("the engine is closed"))
                : restoration.health(notices());
    }

    private List<String> notices() {
        return Stream
                .of(owner.notices().stream(), parts.store().notices().stream().map(Loaded.Notice::problem),
                        recorder.problem().stream(), legacy.notices().stream())
                .flatMap(sentences -> sentences)
                .toList();
    }

    Snapshot snapshot() {
        return chronicle.snapshot();
    }

    Mono<PluginSnapshot> place() {
        return admitted(chronicle::place);
    }

    Tally tally() {
        return tally;
    }

    Measurements measurements() {
        return measurements;
    }

    EventRecorder recorder() {
        return recorder;
    }

    /** Some work whose signals are the callers'. */
    <T> Mono<T> replied(Mono<T> work) {
        return untilClosing(work).publishOn(threads.replies());
    }

    /** Completes when the engine is closed. */
    Mono<Void> ended() {
        return ended.publishOn(threads.replies());
    }

    PluginStore store() {
        return parts.store();
    }

    Clients clients() {
        return clients;
    }

    LegacyPlugins legacy() {
        return legacy;
    }

    FedWorks fedWorks() {
        return fedWorks;
    }

    RuntimeExecutor executor() {
        return parts.executor();
    }

    Registry registry() {
        return parts.registry();
    }

    EngineConfig config() {
        return config;
    }

    EngineThreads threads() {
        return threads;
    }
}
