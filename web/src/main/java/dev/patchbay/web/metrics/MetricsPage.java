package dev.patchbay.web.metrics;

import dev.patchbay.Plugins;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.PrometheusText;
import dev.patchbay.metrics.Reading;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.PathPattern;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import dev.patchbay.web.feed.EventHub;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The page of metrics of one daemon. <b>Threads:</b> the text is made on {@code patchbay-metrics}. Must be closed. */
public final class MetricsPage implements AutoCloseable {
    /** How many may read it at a time over one route; whoever comes then is told to come again. */
    public static final int MOST_READERS = 16;

    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final double MILLIS_PER_SECOND = TimeUnit.SECONDS.toMillis(1);
    private static final int UNAVAILABLE = 503;

    /** Whose numbers it shows. */
    private record Shown(Plugins plugins, EventHub hub) {}

    private final Duration limit;
    private final AtomicReference<@Nullable Shown> shown = new AtomicReference<>();
    private final Scheduler thread = Schedulers.newSingle("patchbay-metrics", true);
    private final Mono<byte[]> text = Mono.fromCallable(this::render)
            .subscribeOn(thread)
            // Whoever asks meanwhile waits for the same text.
            .cache(_ -> FRESH, _ -> Duration.ZERO, () -> Duration.ZERO, thread);

    /** Makes one that shows nothing yet. */
    public MetricsPage() {
        this(PacedText.LIMIT);
    }

    /** The same, which gives each reader so long. */
    MetricsPage(Duration limit) {
        this.limit = limit;
    }

    /** Begins to show the numbers of an engine and its event stream; until then there are none. */
    public void show(Plugins plugins, EventHub hub) {
        shown.set(new Shown(plugins, hub));
    }

    /** A row for a server's table. Readers of one row take no place from those of another: the text alone is shared. */
    public Route route() {
        var readers = new AtomicInteger();
        return Route.get(PathPattern.of("/metrics"), _ -> reply(readers));
    }

    private Mono<Reply> reply(AtomicInteger readers) {
        return Mono.defer(() -> {
            if (shown.get() == null) {
                return Mono.error(new HttpFailure(UNAVAILABLE, "the engine is being opened"));
            }
            return Place.take(readers, MOST_READERS)
                    .map(this::reply)
                    .orElseGet(() -> Mono.error(new HttpFailure(UNAVAILABLE,
                            "as many as " + MOST_READERS + " are reading metrics already")));
        });
    }

    private Mono<Reply> reply(Place place) {
        return text.doOnNext(_ -> place.expireAfter(limit, thread))
                .<Reply>map(bytes -> Reply.live(PrometheusText.MEDIA_TYPE,
                        new PacedText(bytes, place, limit, thread)))
                .doOnError(_ -> place.leave())
                .doOnCancel(place::leave);
    }

    private byte[] render() {
        Shown now = shown.get();
        List<Reading> readings = now == null ? List.of() : readings(now);
        return PrometheusText.of(readings).getBytes(StandardCharsets.UTF_8);
    }

    private static List<Reading> readings(Shown now) {
        return Stream.of(now.plugins().metrics().stream(),
                Stream.of(Reading.of(Metric.SUBSCRIBERS, now.hub().feeds(), "api"),
                        Reading.of(Metric.SUBSCRIBER_LAG, now.hub().lag())),
                collections()).flatMap(readings -> readings).toList();
    }

    private static Stream<Reading> collections() {
        return ManagementFactory.getGarbageCollectorMXBeans()
                .stream()
                .map(one -> new Reading(Metric.JVM_GC, List.of(one.getName()),
                        Math.max(0, one.getCollectionTime()) / MILLIS_PER_SECOND,
                        Math.max(0, one.getCollectionCount())));
    }

    /** Ends its thread. */
    @Override
    public void close() {
        thread.dispose();
    }
}
