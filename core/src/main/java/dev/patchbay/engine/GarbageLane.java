package dev.patchbay.engine;

import dev.patchbay.EngineBusyException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.event.EventType;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import dev.patchbay.metrics.Timing;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * Collections of garbage, one at a time: those that follow what left garbage behind, which wait a moment and become one,
 * and those that somebody asks for. Fed by the state thread only.
 */
final class GarbageLane {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageLane.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Collections that may be asked for at once; whoever comes then is refused. */
    private static final int ASKED = 16;

    private record Sweep(boolean dryRun, Sinks.One<GarbageReport> reply) {}

    private final PluginStore store;
    private final Mailbox mailbox;
    private final Scheduler timers;
    private final Timing collected = new Timing();
    private final Timing notCollected = new Timing();
    private final LongAdder blobs = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Sinks.Many<Instant> left = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<Sweep> asked = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<Sweep>get(ASKED).get());

    GarbageLane(PluginStore store, Mailbox mailbox, Scheduler timers) {
        this.store = store;
        this.mailbox = mailbox;
        this.timers = timers;
    }

    Flux<Void> pipeline() {
        Flux<Sweep> unasked = left.asFlux()
                // From the first of them on, not from the last: a busy engine collects too.
                .bufferTimeout(Integer.MAX_VALUE, PAUSE, timers)
                // A sweep may take longer than the next ones wait: the one that waits stands for all.
                .onBackpressureDrop()
                .map(_ -> new Sweep(false, Sinks.one()));
        return Flux.merge(1, unasked, asked.asFlux()).concatMap(this::sweep, 0);
    }

    /** Something may be left. */
    void later(Instant at) {
        Lane.put(left, at);
    }

    /** Somebody wants it now. */
    void now(boolean dryRun, Sinks.One<GarbageReport> reply) {
        switch (asked.tryEmitNext(new Sweep(dryRun, reply))) {
            case OK -> {
            }
            case FAIL_OVERFLOW -> fail(reply, new EngineBusyException(ASKED, "collections of garbage wait"));
            case FAIL_CANCELLED, FAIL_TERMINATED -> LOG.debug("garbage is not collected any more");
            case FAIL_NON_SERIALIZED, FAIL_ZERO_SUBSCRIBER ->
                throw new IllegalStateException("a collection of garbage was lost");
        }
    }

    /** What was collected until now. */
    Stream<Reading> read() {
        return Stream.of(collected.read(Metric.GC_DURATION, "ok"),
                notCollected.read(Metric.GC_DURATION, "failed"),
                Reading.of(Metric.GC_BLOBS, blobs.sum()), Reading.of(Metric.GC_BYTES, bytes.sum()));
    }

    private void count(Sweep sweep, GarbageReport report, long begunNanos) {
        if (!sweep.dryRun()) {
            collected.add(System.nanoTime() - begunNanos);
            blobs.add(report.deleted());
            bytes.add(report.bytes());
        }
    }

    private Mono<Void> sweep(Sweep sweep) {
        return Mono.defer(() -> sweep(sweep, System.nanoTime()));
    }

    private Mono<Void> sweep(Sweep sweep, long begunNanos) {
        return store.collectGarbage(sweep.dryRun())
                .doOnNext(report -> count(sweep, report, begunNanos))
                .doOnError(_ -> notCollected.add(System.nanoTime() - begunNanos))
                .flatMap(report -> tell(report).then(Mono.<Void>fromRunnable(() -> done(sweep, report))))
                .onErrorResume(e -> Mono.fromRunnable(() -> failed(sweep, e)));
    }

    /** Completes when the event of it can be read, if it is one. */
    private Mono<Void> tell(GarbageReport report) {
        return report.deleted() == 0
                ? Mono.empty()
                : Mono.create(told -> mailbox.report(Letter.Noted.ofEngine(EventType.COLLECT, Map.of(
                        "blobs", Long.toString(report.deleted()),
                        "bytes", Long.toString(report.bytes())), _ -> told.success())));
    }

    private static void done(Sweep sweep, GarbageReport report) {
        LOG.debug("garbage collection: {}", report);
        boolean _ = sweep.reply().tryEmitValue(report).isSuccess(); // answered once, heard or not
    }

    private static void failed(Sweep sweep, Throwable e) {
        LOG.warn("garbage collection: {}", e.getMessage());
        fail(sweep.reply(), e instanceof StoreException
                ? new PluginStorageException(String.valueOf(e.getMessage()), e)
                : e);
    }

    private static void fail(Sinks.One<GarbageReport> reply, Throwable e) {
        boolean _ = reply.tryEmitError(e).isSuccess(); // answered once, heard or not
    }
}
