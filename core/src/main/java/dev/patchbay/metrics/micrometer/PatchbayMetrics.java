package dev.patchbay.metrics.micrometer;

import dev.patchbay.Plugins;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Binds an engine's {@link Metric metrics} to registries: the same series, names and values as at {@code /metrics}. Values are
 * read anew every {@code period}, on a thread of its own, {@code patchbay-metrics}; series of plugins that were removed are
 * removed. A registry that is read never waits for the engine. To be closed before the engine.
 */
public final class PatchbayMetrics implements MeterBinder, AutoCloseable {
    /**
     * How often values are read: 15 s, as often as Prometheus usually asks. Each reading has the control groups of all
     * plugins read too, for as long as this is open, whether the registries are looked at or not; what plugins use is one
     * reading older than the rest.
     */
    public static final Duration PERIOD = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(PatchbayMetrics.class);

    private final Plugins plugins;
    private final List<Bound> bound = new CopyOnWriteArrayList<>();
    private final Scheduler thread = Schedulers.newSingle("patchbay-metrics", true);
    private final Disposable reading;

    /** The meters in one registry; those of the thread. */
    private record Bound(MeterRegistry registry, Map<Key, Series> series) {}

    private record Key(Metric metric, List<String> tags) {}

    /** One series. The registry reads its newest value, from whatever thread. */
    private static final class Series {
        private volatile Reading newest;
        private final Meter meter;

        Series(MeterRegistry registry, Reading first) {
            newest = first;
            meter = register(registry);
        }

        private Meter register(MeterRegistry registry) {
            Metric metric = newest.metric();
            List<Tag> tags = IntStream.range(0, newest.tags().size())
                    .mapToObj(i -> Tag.of(metric.tags().get(i), newest.tags().get(i)))
                    .toList();
            return switch (metric.kind()) {
                case GAUGE -> Gauge.builder(metric.dotted(), this, one -> one.newest.value())
                        .tags(tags)
                        .baseUnit(unit(metric))
                        .description(metric.help())
                        .register(registry);
                case COUNTER -> FunctionCounter.builder(metric.dotted(), this, one -> one.newest.value())
                        .tags(tags)
                        .baseUnit(unit(metric))
                        .description(metric.help())
                        .register(registry);
                case TIMER -> FunctionTimer.builder(metric.dotted(), this, one -> one.newest.count(),
                        one -> one.newest.value(), TimeUnit.SECONDS)
                        .tags(tags)
                        .description(metric.help())
                        .register(registry);
            };
        }

        private static @org.jspecify.annotations.Nullable String unit(Metric metric) {
            return metric.unit().isEmpty() ? null : metric.unit();
        }
    }

    /** Begins to read an engine's numbers. */
    public PatchbayMetrics(Plugins plugins) {
        this(plugins, PERIOD);
    }

    /** The same with another period; what plugins use is read every 5 s at most. */
    public PatchbayMetrics(Plugins plugins, Duration period) {
        this.plugins = plugins;
        this.reading = thread.schedulePeriodically(this::read, period.toMillis(), period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Registers what there is by now; what comes later is registered when it comes. */
    @Override
    public void bindTo(MeterRegistry registry) {
        var one = new Bound(registry, new HashMap<>());
        List<Reading> now = plugins.metrics();
        synchronized (one) {
            update(one, now);
        }
        bound.add(one);
    }

    private void read() {
        try {
            List<Reading> now = plugins.metrics();
            for (Bound one : bound) {
                synchronized (one) {
                    update(one, now);
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("the engine's numbers cannot be read, those shown are old", e);
        }
    }

    private static void update(Bound one, List<Reading> now) {
        var gone = new HashMap<>(one.series());
        for (Reading reading : now) {
            var key = new Key(reading.metric(), reading.tags());
            gone.remove(key);
            one.series().computeIfAbsent(key, _ -> new Series(one.registry(), reading)).newest = reading;
        }
        gone.forEach((key, series) -> {
            one.registry().remove(series.meter);
            one.series().remove(key);
        });
    }

    /** Stops reading, and takes the meters out of the registries: what they would show is old. */
    @Override
    public void close() {
        reading.dispose();
        thread.dispose();
        for (Bound one : bound) {
            synchronized (one) {
                one.series().values().forEach(series -> one.registry().remove(series.meter));
            }
        }
    }
}
