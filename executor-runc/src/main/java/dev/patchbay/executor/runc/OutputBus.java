package dev.patchbay.executor.runc;

import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.RuntimeExecutor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Hands each line to whoever listens now. Each listener has a buffer of {@link RuntimeExecutor#OUTPUT_BUFFER} lines; what
 * does not fit is dropped, and the first line after it is preceded by one that says so.
 */
final class OutputBus {
    private record Numbered(long number, LogLine line) {}

    private final Sinks.Many<Numbered> lines = Sinks.many().multicast().directBestEffort();
    private long next; // log thread only

    /** Log thread only. */
    void publish(LogLine line) {
        // Best effort: nobody listening is no failure, and each listener brings a buffer.
        lines.tryEmitNext(new Numbered(next++, line));
    }

    Flux<LogLine> listen(Scheduler threads) {
        return Flux.defer(() -> {
            var expected = new AtomicLong(-1);
            return lines.asFlux()
                    .onBackpressureBuffer(
                            RuntimeExecutor.OUTPUT_BUFFER, _ -> {}, BufferOverflowStrategy.DROP_LATEST)
                    .publishOn(threads)
                    .concatMapIterable(numbered -> withGap(numbered, expected));
        });
    }

    private static List<LogLine> withGap(Numbered numbered, AtomicLong expected) {
        long wanted = expected.getAndSet(numbered.number() + 1);
        long lost = wanted < 0 ? 0 : numbered.number() - wanted;
        if (lost == 0) {
            return List.of(numbered.line());
        }
        LogLine line = numbered.line();
        var notice = new LogLine(
                line.plugin(),
                line.time(),
                LogLine.Stream.STDERR,
                "(patchbay: " + lost
                        + " lines of plugins' output were dropped here, the reader was too slow)");
        return List.of(notice, line);
    }
}
