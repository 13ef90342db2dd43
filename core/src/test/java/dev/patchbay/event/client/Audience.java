package dev.patchbay.event.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Cursor;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber whom a test asks what it was told. */
final class Audience extends BaseSubscriber<StreamSignal> implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(ScriptedDaemon.PATIENCE_SECONDS);

    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    private final long demand;

    Audience(long demand) {
        this.demand = demand;
    }

    static StreamOptions options(Consumer<StreamOptions.Builder> more) {
        return StreamOptions.of(options -> {
            options.pauses(Duration.ofMillis(1), Duration.ofMillis(20)).patience(PATIENCE);
            more.accept(options);
        });
    }

    static StreamOptions options() {
        return options(_ -> {});
    }

    static Cursor at(String text) {
        return Cursor.parse(text).orElseThrow();
    }

    /** One that wants all. */
    static Audience of(ScriptedDaemon daemon, StreamOptions options) {
        var audience = new Audience(Long.MAX_VALUE);
        PatchbayEvents.connect(daemon.uri(), options).subscribe(audience);
        return audience;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (demand > 0) {
            request(demand);
        }
    }

    @Override
    protected void hookOnNext(StreamSignal signal) {
        told.add(signal);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        told.add(failure);
    }

    /** What it was told next. */
    <T> T next(Class<T> type) throws InterruptedException {
        Object next = told.poll(ScriptedDaemon.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).isInstanceOf(type);
        return type.cast(next);
    }

    long nextSeq() throws InterruptedException {
        return next(StreamSignal.Happened.class).event().seq();
    }

    boolean wasToldNothingMore() {
        return told.isEmpty();
    }

    @Override
    public void close() {
        cancel();
    }
}
