package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * Each operation, cut off or failing at each of its acts on the disk. After a power loss the old or the new is there,
 * whole, and nothing leaks once the store is opened again; after a failure nothing has changed.
 */
final class FaultTest {
    private static final PluginId SUBJECT = id('a');
    private static final PluginId BYSTANDER = id('b');
    private static final int MOST_ACTS = 300;
    /** What is deleted before a failure is gone; the rest is deleted the next time. */
    private static final Set<String> DELETIONS = Set.of("purge", "discard", "collectGarbage", "load");

    @TempDir
    Path folder;

    private static Path withoutSubject;
    private static Path withSubject;
    private static Path withPrevious;
    private static PluginRecord old;

    /** Uses a store on a folder of its own and returns the operation that the fault hits. */
    interface Operation extends Function<StoreOnDisk, Mono<?>> {}

    /** An operation and what it finds installed beside the bystander. */
    record Case(String name, Subject subject, Operation operation) {
        @Override
        public String toString() {
            return name;
        }
    }

    enum Subject {
        ABSENT, INSTALLED, UPGRADED
    }

    private static Mono<Void> upgrade(StoreOnDisk on, String content) {
        StagedPlugin staged = on.stage(content);
        return on.store.upgrade(staged, PluginStoreContract.record(SUBJECT, staged));
    }

    // Copied for each act: staging is slow, since it waits for the whole disk.
    @BeforeAll
    static void makeTemplates(@TempDir Path templates) {
        withoutSubject = templates.resolve("without");
        withSubject = templates.resolve("with");
        try (StoreOnDisk on = StoreOnDisk.opened(withoutSubject)) {
            on.install(BYSTANDER, "bystander");
        }
        DiskSnapshot.copy(withoutSubject, withSubject);
        try (StoreOnDisk on = StoreOnDisk.opened(withSubject)) {
            old = on.install(SUBJECT, "old");
        }
        withPrevious = templates.resolve("previous");
        DiskSnapshot.copy(withSubject, withPrevious);
        try (StoreOnDisk on = StoreOnDisk.opened(withPrevious)) {
            run(upgrade(on, "newer"));
        }
    }

    static Stream<Case> operations() {
        return Stream.of(
                new Case("stage", Subject.ABSENT,
                        on -> on.store.stage(PluginStoreContract.NAME,
                                PluginContexts.sample("new").publisher())),
                new Case("install", Subject.ABSENT, on -> {
                    StagedPlugin staged = on.stage("new");
                    return on.store.install(staged, PluginStoreContract.record(SUBJECT, staged));
                }),
                new Case("stageImage", Subject.ABSENT, on -> {
                    SampleImage sample = SampleImage
                            .of(List.of(SampleImage.layer("a", "1"), SampleImage.layer("b", "2")));
                    return on.store.stage(sample.image(), sample.source(), _ -> {});
                }),
                new Case("upgrade", Subject.INSTALLED, on -> upgrade(on, "newest")),
                new Case("upgradeAgain", Subject.UPGRADED, on -> upgrade(on, "newest")),
                new Case("rollBack", Subject.UPGRADED, on -> on.store.rollBack(old)),
                new Case("discard", Subject.ABSENT, on -> on.store.discard(on.stage("new"))),
                new Case("save", Subject.INSTALLED,
                        on -> on.store.save(old.withPlugin(old.plugin().withEnabled(true)))),
                new Case("saveRuntime", Subject.INSTALLED, on -> {
                    run(on.store.saveRuntime(SUBJECT, new RuntimeRecord(1, 0, Instant.EPOCH)));
                    return on.store.saveRuntime(SUBJECT, new RuntimeRecord(2, 1, Instant.EPOCH));
                }),
                new Case("remove", Subject.INSTALLED, on -> on.store.remove(SUBJECT)),
                new Case("purge", Subject.INSTALLED, on -> {
                    run(on.store.remove(SUBJECT));
                    return on.store.purge(SUBJECT);
                }),
                new Case("collectGarbage", Subject.INSTALLED, on -> {
                    run(on.store.remove(SUBJECT));
                    return on.store.collectGarbage(false);
                }),
                new Case("load", Subject.INSTALLED, on -> {
                    run(on.store.remove(SUBJECT));
                    DiskSnapshot.copy(on.layout.rootfs(BYSTANDER),
                            on.layout.staging().resolve(".rootfsleft"));
                    return on.store.load().collectList();
                }));
    }

    private Path world(Case operation, int act) {
        Path root = folder.resolve(operation.name() + act);
        DiskSnapshot.copy(switch (operation.subject()) {
            case ABSENT -> withoutSubject;
            case INSTALLED -> withSubject;
            case UPGRADED -> withPrevious;
        }, root);
        return root;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void survivesALossOfPowerAtEveryAct(Case operation) {
        Set<Seen> outcomes = new HashSet<>();
        int act = 1;
        boolean struck = true;
        for (; struck && act < MOST_ACTS; act++) {
            Path root = world(operation, act);
            struck = strike(root, operation, act);
            outcomes.addAll(reopened(root, operation + " cut off at act " + act));
        }
        assertThat(act).as("acts of " + operation).isBetween(2, MOST_ACTS - 1);
        // The bystander, and of the subject the old and the new, but nothing else.
        assertThat(outcomes).as("what was ever found").hasSizeLessThanOrEqualTo(3);
    }

    /** What of a plugin does not depend on the folder it is in. */
    private record Seen(InstalledPlugin plugin, String content, Optional<RuntimeRecord> runtime,
            Optional<InstalledPlugin> previous, Optional<String> previousContent) {
        static Seen of(Loaded loaded, Layout layout) {
            return switch (loaded) {
                case Loaded.Intact(var record, var runtime, var previous, _, _) -> {
                    Path folder = layout.plugin(record.plugin().id());
                    yield new Seen(record.plugin(), content(folder), runtime,
                            previous.map(PluginRecord::plugin),
                            previous.map(_ -> content(folder.resolve("previous"))));
                }
                case Loaded.Notice(var where, var problem) ->
                    throw new AssertionError(where + ": " + problem);
                case Loaded.Damaged(_, var where, var reason) ->
                    throw new AssertionError(where + " is damaged: " + reason);
            };
        }

        private static String content(Path version) {
            try {
                return Files.readString(version.resolve("rootfs/bin/sample"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int versions() {
            return previous.isPresent() ? 2 : 1;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void changesNothingWhenAnActFails(Case operation) {
        int act = 1;
        boolean reached = true;
        for (; reached && act < MOST_ACTS; act++) {
            String where = operation + " failing at act " + act;
            Path root = world(operation, act);
            try (StoreOnDisk on = StoreOnDisk.opened(root)) {
                Mono<?> work = operation.operation().apply(on);
                DiskSnapshot before = DiskSnapshot.of(root);
                on.disk.arm(FaultyDisk.Fault.FAILURE, act);
                Optional<Throwable> failure = outcome(work);
                on.rest();
                reached = on.disk.acts() >= act;
                on.disk.arm(FaultyDisk.Fault.NONE, 0);
                failure.ifPresent(e -> {
                    assertThat(e).as(where).isInstanceOf(StoreException.class);
                    assertThat(e.getMessage()).as(where).contains(root.toString(), "Input/output error");
                    if (!DELETIONS.contains(operation.name())) {
                        assertThat(DiskSnapshot.of(root)).as(where).isEqualTo(before);
                    }
                });
            }
            reopened(root, where);
        }
        assertThat(act).as("acts of " + operation).isBetween(2, MOST_ACTS - 1);
    }

    @Test
    void changesNoVersionWhileRemainsOfTheLastChangeCannotBeRemoved() throws IOException {
        Path root = folder.resolve("remains");
        DiskSnapshot.copy(withPrevious, root);
        try (StoreOnDisk on = StoreOnDisk.opened(root)) {
            Path next = Files.createDirectory(on.layout.plugin(SUBJECT).resolve("next"));
            Files.copy(on.layout.plugin(SUBJECT).resolve("previous/config.json"),
                    next.resolve("config.json"));
            DiskSnapshot before = DiskSnapshot.of(root);
            on.disk.arm(DiskStep.DELETE, 1);

            assertThat(outcome(on.store.rollBack(old)).orElseThrow()).isInstanceOf(StoreException.class)
                    .hasMessageContaining(next.toString());
            on.disk.arm(FaultyDisk.Fault.NONE, 0);
            assertThat(DiskSnapshot.of(root)).isEqualTo(before);
        }
        assertThat(reopened(root, "remains")).filteredOn(seen -> seen.plugin().id().equals(SUBJECT))
                .extracting(Seen::content)
                .containsExactly("newer");
    }

    /** Lets the power go at an act. @return whether there was such an act */
    private static boolean strike(Path root, Case operation, int act) {
        // Not closed before its last act: the dead do not clean up.
        try (StoreOnDisk on = StoreOnDisk.opened(root)) {
            Mono<?> work = operation.operation().apply(on);
            on.disk.arm(FaultyDisk.Fault.POWER_LOSS, act);
            outcome(work);
            on.rest();
            return on.disk.acts() >= act;
        }
    }

    private static Optional<Throwable> outcome(Mono<?> work) {
        return PluginStoreContract.get(work.materialize()
                .map(signal -> Optional.ofNullable(((Signal<?>) signal).getThrowable())));
    }

    private static List<Seen> reopened(Path root, String where) {
        try (StoreOnDisk again = new StoreOnDisk(root)) {
            List<Seen> found = again.load().stream().map(plugin -> Seen.of(plugin, again.layout)).toList();
            assertThat(found).as(where).anyMatch(seen -> seen.plugin().id().equals(BYSTANDER));
            again.collectGarbage();
            assertThat(again.unfinished()).as(where).isEmpty();
            assertThat(again.blobs()).as(where).hasSize(3 * found.stream().mapToInt(Seen::versions).sum());
            assertThat(DiskSnapshot.names(root)).as(where)
                    .hasSize(found.size() + 3)
                    .noneMatch(entry -> entry.endsWith("-removing"));
            found.forEach(
                    seen -> assertThat(DiskSnapshot.names(again.layout.plugin(seen.plugin().id()))).as(where)
                            .contains("config.json", "rootfs")
                            .isSubsetOf("config.json", "rootfs", "patchbay.json", "previous"));
            return found;
        }
    }
}
