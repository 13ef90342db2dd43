package dev.patchbay.engine;

import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import dev.patchbay.plugin.PluginFilter;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** All numbers of an engine, read on the thread of whoever asks: the state thread has nothing to do with it. */
final class Measurements {
    private final Tally tally;
    private final Mailbox mailbox;
    private final EventRecorder recorder;
    private final EffectRunner effects;
    private final UsageWatch usage;
    private final LongAdder subscribers = new LongAdder();

    Measurements(Tally tally, Mailbox mailbox, EventRecorder recorder, EffectRunner effects,
            UsageWatch usage) {
        this.tally = tally;
        this.mailbox = mailbox;
        this.recorder = recorder;
        this.effects = effects;
        this.usage = usage;
    }

    /** Counts who listens. */
    <T> Flux<T> listening(Supplier<Flux<T>> events) {
        return Flux.using(() -> {
            subscribers.increment();
            return subscribers;
        }, _ -> events.get(), LongAdder::decrement);
    }

    List<Reading> read(Snapshot now) {
        List<PluginView> plugins = now.list(PluginFilter.ALL);
        List<PluginView> shown = plugins.subList(0, Math.min(plugins.size(), Metric.MOST_PLUGINS));
        return Stream.of(
                states(plugins),
                Stream.of(
                        Reading.of(Metric.PLUGINS_ENABLED,
                                plugins.stream().filter(view -> view.plugin().enabled()).count()),
                        Reading.of(Metric.PLUGINS_UNLISTED, plugins.size() - shown.size()),
                        Reading.of(Metric.MAILBOX_DEPTH, mailbox.depth()),
                        mailbox.waits().read(Metric.MAILBOX_WAIT),
                        Reading.of(Metric.JOURNAL_WAITING, recorder.waiting()),
                        Reading.of(Metric.SUBSCRIBERS, subscribers.sum(), "process")),
                tally.read(),
                effects.read(),
                usage.read(plugins, shown).stream()).flatMap(readings -> readings).toList();
    }

    private static Stream<Reading> states(List<PluginView> plugins) {
        var counts = new EnumMap<State, Long>(State.class);
        plugins.forEach(view -> counts.merge(view.status().state(), 1L, Long::sum));
        return Stream.of(State.values())
                .map(state -> Reading.of(Metric.PLUGINS, counts.getOrDefault(state, 0L), state.label()));
    }

    void close() {
        usage.close();
    }
}
