package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.Seccomp;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What every {@link PluginStore} does. */
public interface PluginStoreContract {
    /** How long a test waits for a signal before it fails. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** A name to stage under. */
    PluginName NAME = PluginName.parse("vieux/sample");

    /** The store under test: fresh, empty, loaded. */
    PluginStore store();

    /** What a new process finds after this one has ended. */
    List<Loaded> afterRestart();

    /** An id made of one digit. */
    static PluginId id(char digit) {
        return new PluginId(String.valueOf(digit).repeat(64));
    }

    /** The name of a plugin: one of its own for each but the first. */
    static PluginName name(PluginId id) {
        return id.equals(id('a'))
                ? NAME
                : PluginName.parse(NAME.familiar().replace(":", "-" + id.hex() + ":"));
    }

    /** The record of a new plugin. */
    static PluginRecord record(PluginId id, StagedPlugin staged) {
        return record(id, name(id), staged);
    }

    /** The record of a new plugin that has a name of another. */
    static PluginRecord record(PluginId id, PluginName name, StagedPlugin staged) {
        var plugin = new InstalledPlugin(staged.config(), false, id, name, name.familiar(),
                Settings.initial(staged.config()));
        return new PluginRecord(plugin, "", Optional.of(staged.configDigest()), Slice.of(staged.layers()),
                Optional.of(staged.manifestDigest()), "");
    }

    /** Stages a sample whose only file has this content. */
    default StagedPlugin stage(String content) {
        return get(store().stage(NAME, PluginContexts.sample(content).publisher()));
    }

    /** Stages and installs. */
    default PluginRecord install(PluginId id, String content) {
        StagedPlugin staged = stage(content);
        PluginRecord record = record(id, staged);
        run(store().install(staged, record));
        return record;
    }

    /** Waits for a value. */
    static <T> T get(Mono<T> mono) {
        return mono.blockOptional(PATIENCE).orElseThrow();
    }

    /** Waits for the end. */
    static void run(Mono<Void> mono) {
        mono.block(PATIENCE);
    }

    @Test
    default void givesBackAfterARestartWhatWasInstalled() {
        PluginRecord installed = install(id('a'), "one");

        assertThat(afterRestart()).singleElement().isInstanceOfSatisfying(Loaded.Intact.class, loaded -> {
            assertThat(loaded.record().plugin()).isEqualTo(installed.plugin());
            assertThat(loaded.record().config()).isEqualTo(installed.config());
            assertThat(loaded.record().manifest()).isEqualTo(installed.manifest());
            assertThat(loaded.record().blobsums()).isEqualTo(installed.blobsums());
            assertThat(loaded.record().rootfs()).isEqualTo(store().rootfs(id('a')).toString());
            assertThat(loaded.runtime()).isEmpty();
        });
    }

    @Test
    default void readsOneFolderAgain() {
        PluginRecord installed = install(id('a'), "one");
        install(id('b'), "two");

        assertThat(get(store().reload(id('a')))).isInstanceOfSatisfying(Loaded.Intact.class,
                loaded -> assertThat(loaded.record().plugin()).isEqualTo(installed.plugin()));
        StepVerifier.create(store().reload(id('c'))).expectComplete().verify(PATIENCE);
    }

    @Test
    @DisplayName("keeps the plugin's reference from the first save on (D13)")
    default void keepsThePluginReferenceD13() {
        install(id('a'), "one");

        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.record().plugin().reference())
                                .isEqualTo("vieux/sample:latest"));
    }

    @Test
    default void remembersWhoHoldsAnEnabledPlugin() {
        PluginRecord installed = install(id('a'), "one");
        var holders = List.of(Holder.durable("one", "volume \"db\""), Holder.durable("two", "net"));
        run(store().saveHolders(id('a'), List.of()));
        run(store().save(installed.withPlugin(installed.plugin().withEnabled(true))));
        run(store().saveHolders(id('a'), holders));
        assertThat(get(store().reload(id('a')))).isInstanceOfSatisfying(Loaded.Intact.class,
                loaded -> assertThat(loaded.holders()).isEqualTo(holders));
        run(store().saveHolders(id('a'), holders.subList(1, 2)));
        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.holders()).isEqualTo(holders.subList(1, 2)));
    }

    @Test
    default void remembersLimitsBesideTheRecord() {
        PluginRecord installed = install(id('a'), "one");
        var limits = new LimitOverrides(OptionalLong.of(64 << 20), OptionalLong.of(0), OptionalLong.empty(),
                Optional.of(true), Optional.empty(),
                Optional.of(new Seccomp.Custom("{\"defaultAction\":\"SCMP_ACT_ALLOW\"}")));
        run(store().saveLimits(id('a'), limits));
        run(store().save(installed.withPlugin(installed.plugin().withEnabled(true))));
        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.limits()).isEqualTo(limits));
        run(store().saveLimits(id('a'), LimitOverrides.NONE));
        assertThat(get(store().reload(id('a')))).isInstanceOfSatisfying(Loaded.Intact.class,
                loaded -> assertThat(loaded.limits()).isEqualTo(LimitOverrides.NONE));
    }

    @Test
    default void replacesARecord() {
        PluginRecord installed = install(id('a'), "one");
        run(store().save(installed.withPlugin(installed.plugin().withEnabled(true))));

        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.record().plugin().enabled()).isTrue());
    }

    @Test
    default void keepsRuntimeRecordsBesideDockers() {
        install(id('a'), "one");
        var runtime = new RuntimeRecord(7, 3, Instant.parse("2026-11-23T21:00:00.123456789Z"));
        run(store().saveRuntime(id('a'), runtime));

        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.runtime()).contains(runtime));
    }

    @Test
    default void forgetsARemovedPluginAlsoBeforeItIsPurged() {
        install(id('a'), "one");
        install(id('b'), "two");
        run(store().remove(id('a')));

        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.record().plugin().id()).isEqualTo(id('b')));
    }

    @Test
    default void removesAndPurgesTwiceWithoutComplaint() {
        install(id('a'), "one");
        run(store().remove(id('a')));
        run(store().remove(id('a')));
        run(store().purge(id('a')));
        run(store().purge(id('a')));

        assertThat(afterRestart()).isEmpty();
    }

    @Test
    @DisplayName("installs a second plugin with the same content (D8)")
    default void installsTheSameContentTwiceD8() {
        install(id('a'), "same");
        install(id('b'), "same");

        assertThat(afterRestart()).hasSize(2).allMatch(Loaded.Intact.class::isInstance);
    }

    @Test
    default void refusesToInstallOverAnotherPlugin() {
        PluginRecord first = install(id('a'), "one");
        StagedPlugin staged = stage("two");

        StepVerifier.create(store().install(staged, record(id('a'), staged)))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(StoreException.class)
                        .hasMessageContaining(id('a').hex()))
                .verify(PATIENCE);
        run(store().discard(staged));
        assertThat(afterRestart()).singleElement()
                .isInstanceOfSatisfying(Loaded.Intact.class,
                        loaded -> assertThat(loaded.record().config()).isEqualTo(first.config()));
    }

    @Test
    default void refusesToSaveWhatIsNotInstalled() {
        StagedPlugin staged = stage("one");

        StepVerifier.create(store().save(record(id('a'), staged))).verifyError(StoreException.class);
        StepVerifier.create(store().saveRuntime(id('a'), new RuntimeRecord(1, 0, Instant.EPOCH)))
                .verifyError(StoreException.class);
        run(store().discard(staged));
        assertThat(afterRestart()).isEmpty();
    }

    @Test
    default void freesOnlyWhatNobodyRefersTo() {
        install(id('a'), "one");
        install(id('b'), "two");
        StagedPlugin staged = stage("three");
        assertThat(get(store().collectGarbage(false)).bytes()).isZero();

        run(store().remove(id('a')));
        assertThat(get(store().collectGarbage(false)).bytes()).isPositive();
        assertThat(get(store().collectGarbage(false)).bytes()).isZero();
        run(store().install(staged, record(id('c'), staged)));
        assertThat(get(store().collectGarbage(false)).bytes()).isZero();
    }

    @Test
    default void discardsWithoutATraceAndTwice() {
        StagedPlugin staged = stage("one");
        run(store().discard(staged));
        run(store().discard(staged));

        assertThat(get(store().collectGarbage(false)).bytes()).isZero();
    }

    @Test
    default void refusesAContextWithoutConfig() {
        refuses(PluginContexts.empty().folder("rootfs/").file("rootfs/a", "a").publisher(), "config");
    }

    @Test
    default void refusesAContextWithoutRootfs() {
        refuses(PluginContexts.empty().file("config.json", PluginContexts.CONFIG).publisher(), "rootfs");
    }

    @Test
    default void refusesAConfigThatIsNoJson() {
        refuses(PluginContexts.empty().file("config.json", "{").folder("rootfs/").publisher(), "config.json");
    }

    @Test
    default void refusesBytesThatAreNoTar() {
        byte[] noise = new byte[2000];
        Arrays.fill(noise, (byte) 'x');
        refuses(PluginContexts.chunked(noise), "tar");
    }

    @Test
    default void readsACompressedContext() {
        StagedPlugin staged = get(store().stage(NAME, PluginContexts.chunked(Gzip.of(
                PluginContexts.sample("one").bytes()))));

        assertThat(staged.layers()).hasSize(1);
    }

    @Test
    default void readsNothingBeforeItIsSubscribedTo() {
        TestPublisher<ByteBuffer> context = TestPublisher.create();
        Mono<StagedPlugin> staged = store().stage(NAME, context);

        context.assertWasNotSubscribed();
        assertThat(staged).isNotNull();
    }

    @Test
    default void passesOnTheFailureOfTheContextItself() {
        var broken = new IllegalStateException("the client went away");
        byte[] half = Arrays.copyOf(PluginContexts.sample("one").bytes(), 1200);

        StepVerifier.create(store().stage(NAME, PluginContexts.chunked(half).concatWith(Flux.error(broken))))
                .expectErrorSatisfies(e -> assertThat(e).hasStackTraceContaining("the client went away"))
                .verify(PATIENCE);
        assertThat(get(store().collectGarbage(false)).bytes()).isZero();
    }

    /** Expects a refusal whose sentence mentions a word, and that it leaves nothing behind. */
    default void refuses(Publisher<ByteBuffer> context, String word) {
        StepVerifier.create(store().stage(NAME, context))
                .expectErrorSatisfies(
                        e -> assertThat(e).isInstanceOf(InvalidContentException.class)
                                .hasMessageContaining(word))
                .verify(PATIENCE);
        assertThat(get(store().collectGarbage(false)).bytes()).isZero();
    }
}
