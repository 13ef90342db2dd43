package dev.patchbay.engine;

import dev.patchbay.Health;
import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The first round after opening: every plugin that is wanted is taken over or started, whatever is left of others is
 * removed. Fanned out; nobody waits for it, and one bad plugin costs itself only. And what is to be said about the whole
 * from then on.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    /** Rails of the round. Not as many as there are processors: the order of a round would depend on the machine. */
    private static final int RAILS = 4;

    private final RuntimeExecutor executor;
    private final Mailbox mailbox;
    private final Chronicle chronicle;
    private final FirstRound round;
    private final Limits limits;
    private final Mono<Void> after;
    private final EngineThreads threads;
    private final Disposable.Composite pipelines = Disposables.composite();
    private volatile Optional<String> unusable = Optional.empty();

    Restoration(RuntimeExecutor executor, Mailbox mailbox, Chronicle chronicle, FirstRound round,
            EngineConfig config,
            EngineThreads threads) {
        this.limits = config.limits();
        this.after = config.restoreAfter();
        this.executor = executor;
        this.mailbox = mailbox;
        this.chronicle = chronicle;
        this.round = round;
        this.threads = threads;
    }

    void begin() {
        List<PluginId> wanted = chronicle.snapshot()
                .list(PluginFilter.ALL)
                .stream()
                .filter(view -> view.plugin().enabled())
                .map(view -> view.plugin().id())
                .toList();
        chronicle.snapshot().sharedNames().forEach(LOG::warn);
        round.begin();
        Flux<Void> restored = after
                .doOnError(
                        e -> LOG.warn("what plugins were to be restored after has failed; they are now", e))
                .onErrorComplete()
                .thenMany(Flux.fromIterable(wanted))
                .parallel(RAILS)
                .runOn(threads.work())
                .flatMap(plugin -> mail(new Letter.Report(new Command.Restore(plugin))))
                .sequential()
                .thenMany(mail(new Letter.FindLeftOvers()));
        pipelines.add(restored.subscribe(_ -> {}, e -> LOG.error("restoring ended early", e)));
        pipelines.add(checked().subscribe(_ -> {}, e -> LOG.error("the runtime is not checked any more", e)));
    }

    private Mono<Void> mail(Letter letter) {
        return Mono.fromRunnable(() -> mailbox.report(letter));
    }

    /** The runtime's version, once. What keeps it from being told may pass: until it is told that is a problem. */
    private Mono<Void> checked() {
        Mono<Void> told = executor.check().flatMap(version -> Mono.fromRunnable(() -> usable(version)));
        return Limit.on(told, "asking the runtime for its version", limits.look(), threads.timers())
                .onErrorResume(
                        e -> Mono.<Void>fromRunnable(() -> unusable(Sentences.of(e))).then(Mono.error(e)))
                .retryWhen(threads.untilItSucceeds());
    }

    private void unusable(String reason) {
        if (!unusable.equals(Optional.of(reason))) {
            LOG.error("plugins cannot be started: {}", reason);
        }
        unusable = Optional.of(reason);
    }

    private void usable(String version) {
        LOG.info("containers run on {}", version);
        unusable = Optional.empty();
    }

    /**
     * Ready means that the first round is over. Whatever is wrong after it is one plugin's or one folder's misfortune, or
     * the runtime's, and is told.
     */
    Health health(List<String> notices) {
        Snapshot now = chronicle.snapshot();
        return new Health(true, round.isOver(), Stream
                .of(notices.stream(), now.sharedNames().stream(), unreadable(now), unusable.stream(),
                        waiting(),
                        reasons(now))
                .flatMap(sentences -> sentences)
                .toList());
    }

    private static Stream<String> unreadable(Snapshot now) {
        return now.unreadable()
                .entrySet()
                .stream()
                .map(folder -> "plugin " + folder.getKey()
                        + " cannot be read, and is left as it is until it can: "
                        + folder.getValue());
    }

    private Stream<String> waiting() {
        if (round.isOver()) {
            return Stream.empty();
        }
        int awaited = round.awaited();
        return Stream.of(awaited == 1
                ? "1 plugin is still to be restored"
                : awaited + " plugins are still to be restored");
    }

    /** Why those that should run since the beginning do not, and what stands against those that do. */
    private Stream<String> reasons(Snapshot now) {
        return now.noted()
                .values()
                .stream()
                .filter(view -> view.status().state() == State.RUNNING
                        || round.absent().contains(view.plugin().id()))
                .sorted(Comparator.comparing(view -> view.plugin().name().familiar()))
                .flatMap(view -> view.status().reason().stream().map(reason -> reason(view, reason)));
    }

    private static String reason(PluginView view, String reason) {
        String plugin = "plugin " + view.plugin().name().familiar();
        return reason.startsWith(plugin) ? reason : plugin + " does not run yet: " + reason;
    }

    void close() {
        pipelines.dispose();
    }
}
