package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/** One subscriber's reading of a log. */
final class LogReading {
    private final LogReader reader;
    private final LogQuery query;
    private final Deque<LogLine> ready = new ArrayDeque<>();
    private boolean skipped;
    private boolean flushed;

    private LogReading(LogReader reader, LogQuery query) {
        this.reader = reader;
        this.query = query;
    }

    /** The lines that a query wants, read as fast as they are asked for, on threads of the scheduler. */
    static Flux<LogLine> of(LogFolder folder, LogQuery query, Scheduler threads, Clock clock) {
        return Flux.using(
                () -> new LogReading(LogReader.atStart(folder, clock), query),
                reading -> reading.lines(folder, threads),
                reading -> reading.close(folder))
                .subscribeOn(threads);
    }

    private Flux<LogLine> lines(LogFolder folder, Scheduler threads) {
        Flux<LogLine> untilDry = Flux.<LogLine>generate(sink -> emit(folder, sink)).subscribeOn(threads);
        if (!query.follow()) {
            return untilDry;
        }
        // A wake that comes while lines are read is kept, so nothing that came after the last look is missed.
        Flux<Integer> wakes = Flux.merge(1, Mono.just(0), folder.wakes().onBackpressureLatest());
        return wakes.concatMap(_ -> untilDry, 1);
    }

    private void emit(LogFolder folder, SynchronousSink<LogLine> sink) {
        try {
            next().ifPresentOrElse(sink::next, sink::complete);
        } catch (IOException e) {
            sink.error(unreadable(folder, e));
        }
    }

    private Optional<LogLine> next() throws IOException {
        if (!skipped) {
            skipped = true;
            skipToTail();
        }
        if (!ready.isEmpty()) {
            return Optional.of(ready.removeFirst());
        }
        Optional<LogLine> line = wanted();
        if (line.isEmpty() && !query.follow() && !flushed) {
            flushed = true;
            reader.flush().stream().filter(this::isWanted).forEach(ready::add);
            return Optional.ofNullable(ready.pollFirst());
        }
        return line.isPresent() ? line : Optional.ofNullable(ready.pollFirst());
    }

    private void skipToTail() throws IOException {
        if (query.tail().isEmpty()) {
            return;
        }
        int wantedLines = query.tail().getAsInt();
        for (Optional<LogLine> line = wanted(); line.isPresent(); line = wanted()) {
            ready.addLast(line.get());
            if (ready.size() > wantedLines) {
                ready.removeFirst();
            }
        }
    }

    private Optional<LogLine> wanted() throws IOException {
        Optional<LogLine> line = reader.next();
        while (line.isPresent() && !isWanted(line.get())) {
            line = reader.next();
        }
        return line;
    }

    private boolean isWanted(LogLine line) {
        return query.since().map(since -> !line.time().isBefore(since)).orElse(true);
    }

    private void close(LogFolder folder) {
        try {
            reader.close();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static StepFailed unreadable(LogFolder folder, IOException cause) {
        return new StepFailed(
                folder.plugin(),
                Step.LOGS,
                "the log in " + folder.folder() + " cannot be read: " + cause.getMessage(),
                Optional.empty(),
                cause);
    }
}
