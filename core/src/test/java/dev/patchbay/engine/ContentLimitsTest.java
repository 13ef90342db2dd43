package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Consent;
import dev.patchbay.EngineBusyException;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginStorageException;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.SampleImage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A disk that does not answer keeps nobody waiting for ever; somebody who sends or reads slowly may take his time. */
class ContentLimitsTest {
    private static final String V1 = "docker.io/vieux/echo:v1";
    private static final Duration LONG = Duration.ofDays(1);

    private final EngineWorld world = new EngineWorld();
    private final SampleImage sample = Publications.withEnv("one", "DEBUG=0");

    @AfterEach
    void closes() {
        world.store.stopDelaying();
        world.close();
    }

    private void diskHangs() {
        world.store.delayWrites(LONG, world.time);
    }

    private static void toldThatTheDiskDoesNotAnswer(Asked<?> asked, String what) {
        assertThat(asked.error()).isInstanceOf(PluginStorageException.class).hasMessageContaining(what);
    }

    private Asked<?> install() {
        world.registry.publish(V1, sample);
        return world.ask(
                world.plugins.install(new InstallRequest(Reference.parse(V1), Optional.empty(), List.of(),
                        RegistryAccess.ANONYMOUS)).then());
    }

    @Test
    void aContextThatIsNotUnpackedIsGivenUpAndItsNameIsFree() {
        diskHangs();
        var creating = world.ask(world.plugins.create("echo", PluginContexts.sample("x").publisher()));
        world.pass(Duration.ofMinutes(10));

        toldThatTheDiskDoesNotAnswer(creating, "unpacking the context took longer than 600s");
        world.store.stopDelaying();
        world.create("echo");
    }

    @Test
    void aContextThatComesSlowlyIsNot() {
        Sinks.Many<ByteBuffer> sender = Sinks.many().unicast().onBackpressureBuffer();
        var creating = world.ask(world.plugins.create("echo", sender.asFlux()));
        List<ByteBuffer> context = PluginContexts.sample("x").publisher().toStream().toList();
        for (ByteBuffer part : context) {
            world.pass(Duration.ofHours(1));
            sender.tryEmitNext(part).orThrow();
        }
        world.pass(Duration.ofHours(1));
        assertThat(creating.isOver()).isFalse();

        sender.tryEmitComplete().orThrow();
        world.settle();

        creating.done();
    }

    @Test
    void aPullThatIsNotUnpackedIsGivenUp() {
        diskHangs();
        var installing = install();
        world.pass(Duration.ofMinutes(10));

        toldThatTheDiskDoesNotAnswer(installing, "unpacking vieux/echo:v1 took longer than 600s");
    }

    @Test
    void anArchiveThatIsNotReadIsGivenUp() {
        diskHangs();
        var importing = world.ask(world.plugins.importLayout("echo", new Consent.Everything(),
                PluginContexts.chunked(new byte[2048])));
        world.pass(Duration.ofMinutes(10));

        toldThatTheDiskDoesNotAnswer(importing, "reading the archive");
    }

    @Test
    void anExportWhoseContentIsNotReadIsGivenUp() {
        install().done();
        diskHangs();
        var exporting = world.ask(world.plugins.export("vieux/echo:v1").then());
        world.pass(Duration.ofSeconds(30));

        toldThatTheDiskDoesNotAnswer(exporting, "took longer than 30s");
        world.store.stopDelaying();
        world.settle();
        assertThat(world.store.holdCount()).isZero();
    }

    @Test
    void anExportThatIsReadSlowlyIsNot() {
        install().done();
        var reader = new BaseSubscriber<ByteBuffer>() {
            private final List<ByteBuffer> read = new ArrayList<>();
            private boolean failed;

            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(ByteBuffer buffer) {
                read.add(buffer);
            }

            @Override
            protected void hookOnError(Throwable e) {
                failed = true;
            }
        };
        world.plugins.export("vieux/echo:v1").subscribe(reader);
        for (int hour = 1; hour <= 20; hour++) {
            world.pass(Duration.ofHours(1));
            reader.request(1);
        }
        world.settle();

        assertThat(reader.failed).isFalse();
        assertThat(reader.read).hasSizeGreaterThan(5);
        reader.cancel();
        world.settle();
    }

    @Test
    void aPushWhoseContentIsNotReadIsGivenUp() {
        install().done();
        diskHangs();
        var pushing = world.ask(world.plugins.push("vieux/echo:v1", RegistryAccess.ANONYMOUS).then());
        world.pass(Duration.ofSeconds(30));

        toldThatTheDiskDoesNotAnswer(pushing, "took longer than 30s");
    }

    @Test
    void aCollectionOfGarbageThatHangsKeepsNobodyWaitingForEver() {
        diskHangs();
        List<Asked<?>> collecting = new ArrayList<>();
        IntStream.range(0, 40).forEach(_ -> collecting.add(world.ask(world.plugins.collectGarbage(false))));
        world.pass(Duration.ofMinutes(10));

        assertThat(collecting).allSatisfy(asked -> assertThat(asked.error())
                .isInstanceOfAny(PluginStorageException.class, EngineBusyException.class));
        toldThatTheDiskDoesNotAnswer(collecting.getFirst(), "collecting garbage takes longer than 600s");
        world.store.stopDelaying();
        world.pass(LONG);
        world.ask(world.plugins.collectGarbage(false)).done();
    }

    @Test
    void whatCannotBeDiscardedDoesNotKeepTheEngineFromClosing() {
        discardHangs();

        var closing = world.ask(world.plugins.close());
        world.pass(Duration.ofSeconds(29));
        assertThat(closing.isOver()).as("a disk that is only slow is waited for").isFalse();
        world.pass(Duration.ofSeconds(1));

        closing.done();
    }

    /** Somebody brings a version for a plugin that is gone, and the disk hangs. */
    private void discardHangs() {
        diskHangs();
        refuseUpgrade(world);
    }

    private static void refuseUpgrade(EngineWorld world) {
        world.works()
                .report(new Letter.Install(
                        new Ticket(Lives.PLUGIN, new Ticket.Claim.Upgrade(Lives.PLUGIN)),
                        Versions.delivery(2), "test",
                        Reply.unheard()));
        world.settle();
    }

    @Test
    void aDiskThatIsNotDoneWhenTheTimeToCloseIsOverIsNoSecret() {
        try (var hurried = new EngineWorld(c -> c.shutdownTimeout(Duration.ofSeconds(10)), _ -> {})) {
            hurried.store.delayWrites(LONG, hurried.time);
            refuseUpgrade(hurried);

            var closing = hurried.ask(hurried.plugins.close());
            hurried.pass(Duration.ofSeconds(10));

            assertThat(closing.error()).isInstanceOf(UncleanCloseException.class)
                    .hasMessageContaining("the disk did not come to an end");
            hurried.store.stopDelaying();
        }
    }

    @Test
    void whatWaitsForAThreadOfTheStoreWaitsAsLongAsOthersGoOnOrWaitForSenders() {
        FedWorks works = world.works().fedWorks();
        var waiting = world.ask(works.of("waiting").limited(Mono.never()));
        Sinks.Many<ByteBuffer> sender = Sinks.many().unicast().onBackpressureBuffer();
        FedWork other = works.of("unpacking");
        var unpacking = world.ask(other.limited(other.fed(sender.asFlux()).then()));
        world.pass(Duration.ofHours(1));
        assertThat(waiting.isOver()).as("the other's sender is slow").isFalse();

        sender.tryEmitNext(ByteBuffer.allocate(1)).orThrow();
        world.pass(Duration.ofHours(1));
        sender.tryEmitComplete().orThrow();
        world.settle();
        unpacking.done();
        world.pass(Duration.ofMinutes(10));

        toldThatTheDiskDoesNotAnswer(waiting, "waiting took longer than 600s");
    }

    @Test
    void timeRunsOnlyWhileItIsTheStoresTurn() {
        Flux<Integer> source = Flux.range(0, 3).hide();
        var debt = new Debt(() -> {});
        var reader = new BaseSubscriber<Integer>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                // asks when it likes to
            }
        };
        debt.counting(source.concatWith(Flux.never())).subscribe(reader);
        assertThat(debt.isOwed()).isFalse();
        reader.request(2);
        assertThat(debt.isOwed()).as("both came at once").isFalse();
        reader.request(2);
        assertThat(debt.isOwed()).as("one of them is owed").isTrue();
        reader.cancel();
        assertThat(debt.isOwed()).isFalse();
    }
}
