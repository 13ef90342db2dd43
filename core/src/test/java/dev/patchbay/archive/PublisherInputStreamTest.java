package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

@Timeout(30) // a bug here shows as a reader that waits for ever
class PublisherInputStreamTest {
    private static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsBuffersInOrderUntilTheEnd() throws IOException {
        try (var in = new PublisherInputStream(Flux.just(buffer("ab"), buffer(""), buffer("c")), 2)) {
            assertThat(in.read()).isEqualTo('a');
            assertThat(in.available()).isEqualTo(1);
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("bc");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void readsWhatAnotherThreadSends() throws IOException {
        Scheduler sender = Schedulers.newSingle("sender");
        try (var in = new PublisherInputStream(
                Flux.range(0, 100_000).map(i -> buffer(i + ",")).subscribeOn(sender), 8)) {
            String expected = String.join("", IntStream.range(0, 100_000).mapToObj(i -> i + ",").toList());
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(expected);
        } finally {
            sender.dispose();
        }
    }

    @Test
    void asksForNoMoreThanItHolds() throws IOException {
        AtomicLong requested = new AtomicLong();
        Flux<ByteBuffer> endless = Flux.generate(sink -> sink.next(buffer("a")));
        try (var in = new PublisherInputStream(endless.doOnRequest(requested::addAndGet), 4)) {
            assertThat(in.read()).isEqualTo('a');
            assertThat(requested).hasValue(4);
            assertThat(in.read()).isEqualTo('a');
            assertThat(requested).hasValue(6);
        }
    }

    @Test
    void givesInOnePieceWhatHasCome() throws IOException {
        byte[] piece = new byte[10];
        try (var in = new PublisherInputStream(
                Flux.just(buffer("ab"), buffer(""), buffer("cd"), buffer("efghijklm")), 4)) {
            assertThat(in.read(piece, 1, 7)).isEqualTo(7);
            assertThat(new String(piece, StandardCharsets.UTF_8)).isEqualTo("\0abcdefg\0\0");
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("hijklm");
        }
    }

    @Test
    void givesWhatHasComeRatherThanWaitForMore() throws IOException {
        try (var in = new PublisherInputStream(
                Flux.concat(Flux.just(buffer("ab"), buffer("c")), Flux.never()), 4)) {
            assertThat(in.read(new byte[10], 0, 10)).isEqualTo(3);
        }
    }

    @Test
    void givesWhatCameBeforeAnErrorBeforeItThrowsIt() throws IOException {
        IOException cut = new IOException("connection reset");
        try (var in = new PublisherInputStream(
                Flux.concat(Flux.just(buffer("ab"), buffer("c")), Flux.error(cut)), 4)) {
            assertThat(in.read(new byte[10], 0, 10)).isEqualTo(3);
            assertThatThrownBy(() -> in.read(new byte[10], 0, 10)).isSameAs(cut);
        }
    }

    @Test
    void asksForAsMuchAsALargePieceTook() throws IOException {
        AtomicLong requested = new AtomicLong();
        Flux<ByteBuffer> endless = Flux.generate(sink -> sink.next(buffer("a")));
        try (var in = new PublisherInputStream(endless.doOnRequest(requested::addAndGet), 4)) {
            assertThat(in.read(new byte[100], 0, 100)).isEqualTo(100);
            assertThat(requested).hasValue(4 + 100);
        }
    }

    @Test
    void subscribesAtTheFirstReadOnly() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        new PublisherInputStream(source, 1).close();
        assertThat(source.wasSubscribed()).isFalse();
    }

    @Test
    void throwsTheErrorAfterTheBuffersBeforeIt() throws IOException {
        IOException cut = new IOException("connection reset");
        try (var in = new PublisherInputStream(Flux.concat(Flux.just(buffer("a")), Flux.error(cut)), 4)) {
            assertThat(in.read()).isEqualTo('a');
            assertThatThrownBy(in::read).isSameAs(cut);
        }
        try (var in = new PublisherInputStream(Flux.error(new IllegalStateException("odd")), 4)) {
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("odd");
        }
    }

    @Test
    void cancelsTheSenderWhenClosed() throws IOException {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        var in = new PublisherInputStream(Flux.concat(Flux.just(buffer("ab")), source), 4);
        assertThat(in.read()).isEqualTo('a');
        in.close();
        source.assertCancelled();
        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }

    @Test
    void endsAWaitWhenInterruptedAndCancelsTheSender() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        Thread reader = Thread.currentThread();
        Flux<ByteBuffer> interrupting = source.flux()
                .doOnRequest(_ -> Mono.fromRunnable(reader::interrupt)
                        .subscribeOn(Schedulers.boundedElastic())
                        .subscribe());
        try (var in = new PublisherInputStream(interrupting, 4)) {
            assertThatThrownBy(in::read).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            source.assertCancelled();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void refusesThreadsThatMustNotBlock() {
        Scheduler eventLoop = Schedulers.newSingle("loop");
        try {
            assertThatThrownBy(() -> Mono.fromCallable(() -> new PublisherInputStream(Flux.never(), 1).read())
                    .subscribeOn(eventLoop)
                    .block()).isInstanceOf(IllegalStateException.class).hasMessageContaining("loop");
        } finally {
            eventLoop.dispose();
        }
    }

    @Test
    void refusesAPrefetchOfNothing() {
        assertThatThrownBy(() -> new PublisherInputStream(Flux.never(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
