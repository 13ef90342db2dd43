package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.NAME;
import static dev.patchbay.store.PluginStoreContract.PATIENCE;
import static dev.patchbay.store.PluginStoreContract.get;
import static dev.patchbay.store.PluginStoreContract.id;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Staging on a disk: what goes wrong with senders and contexts, and that it leaves nothing. */
final class FileStoreStageTest {
    @TempDir
    Path folder;

    private StoreOnDisk on;

    @BeforeEach
    void open() {
        on = StoreOnDisk.opened(folder.resolve("plugins"));
    }

    @AfterEach
    void close() {
        on.close();
    }

    /** A sender that sends half a context and then nothing, until the test ends it. */
    private static final class StuckSender {
        final Sinks.Empty<ByteBuffer> end = Sinks.empty();
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch cancelled = new CountDownLatch(1);
        final Flux<ByteBuffer> context;

        StuckSender(String content) {
            byte[] whole = PluginContexts.sample(content).bytes();
            byte[] half = Arrays.copyOf(whole, whole.length / 2);
            context = PluginContexts.chunked(half)
                    .concatWith(end.asMono().doOnSubscribe(_ -> asked.countDown()))
                    .doOnCancel(cancelled::countDown);
        }

        void awaitStuck() throws InterruptedException {
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void stopsReadingAndLeavesNothingWhenCancelledWhileTheSenderIsSilent() throws InterruptedException {
        var sender = new StuckSender("one");
        Disposable stage = on.store.stage(NAME, sender.context).subscribe(_ -> {}, _ -> {});
        sender.awaitStuck();
        assertThat(on.unfinished()).isNotEmpty();
        assertThat(OpenDescriptors.in(on.layout.staging())).hasSize(1);
        stage.dispose();

        assertThat(sender.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        on.close(); // waits for the clean-up
        assertThat(on.unfinished()).isEmpty();
        assertThat(OpenDescriptors.in(on.layout.staging())).isEmpty();
        assertThat(on.blobs()).isEmpty();
    }

    @Test
    void leavesNothingWhenCancelledWithBlobsAlreadyStored() throws InterruptedException {
        var reached = new CountDownLatch(1);
        DiskProbe stuckAtTheSecondBlob = new DiskProbe() {
            private final AtomicInteger blobs = new AtomicInteger();

            @Override
            public void before(DiskStep step, Path path) throws IOException {
                boolean blob = step == DiskStep.RENAME && path.toString().contains("/blobs/");
                if (blob && blobs.incrementAndGet() == 2) {
                    reached.countDown();
                    awaitInterrupt();
                }
            }

            private static void awaitInterrupt() throws IOException {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
            }
        };
        StoreConfig config = StoreConfig.at(folder.resolve("cancelled"));
        FileStore store = FileStore.probed(config, stuckAtTheSecondBlob, Clock.systemUTC());
        Disposable stage = store.stage(NAME, PluginContexts.sample("one").publisher())
                .subscribe(_ -> {}, _ -> {});
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        stage.dispose();
        PluginStoreContract.run(store.close());

        var layout = new Layout(config.root());
        assertThat(DiskSnapshot.names(layout.staging())).isEmpty();
        assertThat(DiskSnapshot.names(layout.ingests())).isEmpty();
        assertThat(DiskSnapshot.names(layout.blobs().resolve("sha256"))).isEmpty();
    }

    @Test
    @DisplayName("does not continue a failed create's content with the next one's (D9)")
    void startsAfreshAfterAFailureD9() throws IOException {
        byte[] whole = PluginContexts.sample("one").bytes();
        Flux<ByteBuffer> broken = PluginContexts.chunked(Arrays.copyOf(whole, whole.length / 2))
                .concatWith(Mono.error(new IOException("connection reset")));
        StepVerifier.create(on.store.stage(NAME, broken))
                .expectErrorMessage("connection reset")
                .verify(PATIENCE);
        assertThat(on.unfinished()).isEmpty();
        assertThat(on.blobs()).isEmpty();

        StagedPlugin staged = on.stage("one");
        assertThat(Digest.sha256(Files.readAllBytes(on.layout.blob(staged.layers().getFirst()))))
                .isEqualTo(staged.layers().getFirst());
    }

    @Test
    @DisplayName("stages one name twice side by side (D11)")
    void stagesOneNameTwiceSideBySideD11() throws InterruptedException {
        var first = new StuckSender("one");
        Disposable stuck = on.store.stage(NAME, first.context).subscribe(_ -> {}, _ -> {});
        first.awaitStuck();

        assertThat(on.stage("two").layers()).hasSize(1);
        stuck.dispose();
    }

    @Test
    void saysThatABodyWasCut() {
        byte[] whole = PluginContexts.sample("one").bytes();
        StepVerifier.create(on.store.stage(NAME, PluginContexts.chunked(Arrays.copyOf(whole, 700))))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(InvalidContentException.class))
                .verify(PATIENCE);
        assertThat(on.unfinished()).isEmpty();
    }

    @Test
    void refusesAConfigOverTheLimitBeforeItIsRead() {
        try (var small = new StoreOnDisk(StoreConfig.at(folder.resolve("small"))
                .withLimits(ArchiveLimits.DEFAULT.withMaxConfigBytes(100)))) {
            StepVerifier.create(small.store.stage(NAME, PluginContexts.sample("one").publisher()))
                    .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(InvalidContentException.class)
                            .hasMessageContaining("maxConfigBytes"))
                    .verify(PATIENCE);
        }
    }

    @Test
    void namesTheFieldThatIsWrong() {
        StepVerifier.create(on.store.stage(NAME, PluginContexts.empty()
                .file("config.json", "{\"entrypoint\":\"/bin/sh\"}")
                .folder("rootfs/")
                .publisher()))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(InvalidContentException.class)
                        .hasMessageContaining("entrypoint"))
                .verify(PATIENCE);
        assertThat(on.unfinished()).isEmpty();
        assertThat(on.blobs()).isEmpty();
    }

    @Test
    void mentionsUnknownKeysInOneLineAndNoValues() {
        var logger = (Logger) LoggerFactory.getLogger(StageAttempt.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        try {
            String config = PluginContexts.CONFIG.strip()
                    .replaceFirst("\\{", "{\"token\":\"s3cret\",\"later\":1,");
            get(on.store.stage(NAME,
                    PluginContexts.empty().file("config.json", config).folder("rootfs/").publisher()));
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(before);
        }
        assertThat(lines.list).singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .contains("vieux/sample", "token", "later")
                        .doesNotContain("s3cret"));
    }

    @Test
    void doesNotLetASlowSenderHoldUpOthers() throws InterruptedException {
        try (var narrow = new StoreOnDisk(StoreConfig.at(folder.resolve("narrow")).withStages(1))) {
            narrow.load();
            var sender = new StuckSender("slow");
            Disposable stuck = narrow.store.stage(NAME, sender.context).subscribe(_ -> {}, _ -> {});
            sender.awaitStuck();
            Mono<StagedPlugin> queued = narrow.store.stage(NAME, PluginContexts.sample("queued").publisher());
            StepVerifier.create(queued)
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(50))
                    .thenCancel()
                    .verify();

            assertThat(narrow.load()).isEmpty();
            assertThat(narrow.collectGarbage()).isZero();
            stuck.dispose();
        }
    }

    @Test
    void endsStagesWhenItIsClosed() throws InterruptedException {
        var sender = new StuckSender("one");
        StepVerifier.create(on.store.stage(NAME, sender.context))
                .then(() -> {
                    try {
                        sender.awaitStuck();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    on.close();
                })
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContaining("closed"))
                .verify(PATIENCE);
        assertThat(on.unfinished()).isEmpty();
        StepVerifier.create(on.store.load()).verifyErrorMessage("the plugin store is closed");
    }

    @Test
    void discardsBlobsThatItSharesWithAnInstalledPluginOnlyFromTheLease() {
        on.install(id('a'), "shared");
        StagedPlugin second = on.stage("shared");
        List<String> before = on.blobs();
        PluginStoreContract.run(on.store.discard(second));

        assertThat(on.blobs()).isEqualTo(before).hasSize(3);
    }
}
