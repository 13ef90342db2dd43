package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.legacy.SearchedFolder.Means;
import dev.patchbay.legacy.Sighting.Meaning;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.testing.HungFolder;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When is looked, and what becomes of who waits for it. Time passes only where a test lets it. */
class FinderTest {
    private static final Duration LIMIT = Duration.ofMillis(20);

    @TempDir
    private Path root;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Scheduler pool = Schedulers.fromExecutorService(Executors.newFixedThreadPool(4));
    private final BlockingQueue<News> heard = new LinkedBlockingQueue<>();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CompletableFuture<Boolean> released = new CompletableFuture<>();
    private final AtomicInteger lists = new AtomicInteger();
    private Optional<Finder> finder = Optional.empty();

    private record News(Map<String, Sighting> sightings, List<String> problems) {}

    @AfterEach
    void close() {
        hanging.countDown();
        released.complete(true);
        finder.ifPresent(it -> it.close().block(LegacyWorld.PATIENCE));
        pool.disposeGracefully().block(LegacyWorld.PATIENCE);
        time.dispose();
    }

    private Finder finder(Scheduler looks, Duration limit, Function<Path, Listing> lister) {
        return finder(looks, new Means(lister, FileSystems.getDefault()::newWatchService, limit));
    }

    private Finder finder(Scheduler looks, Means means) {
        var made = new Finder(folders(), means,
                new LegacyPlugins.Outside(looks, time, Schedulers.immediate(), _ -> Optional.empty()),
                (sightings, problems) -> heard.add(new News(sightings, problems)));
        finder = Optional.of(made);
        return made;
    }

    private LegacyFolders folders() {
        return new LegacyFolders(root.resolve("run"), List.of(etc(), root.resolve("lib/plugins")));
    }

    private Path etc() {
        return root.resolve("etc");
    }

    private Listing listed(Path folder) {
        return FolderLook.at(folders(), folder);
    }

    /** Counts the rounds, in each of which this is looked at. */
    private Listing counted(Path folder) {
        if (folder.equals(etc())) {
            lists.incrementAndGet();
        }
        return listed(folder);
    }

    private News hears(Function<News, Boolean> wanted) throws InterruptedException {
        while (true) {
            News news = Objects.requireNonNull(
                    heard.poll(LegacyWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            if (wanted.apply(news)) {
                return news;
            }
        }
    }

    private static void spec(Path folder, String name) throws IOException {
        LegacyWorld.write(folder.resolve(name + ".spec"), "unix:///run/" + name);
    }

    @Test
    void looksLaterWhenThereWasNoThreadForALook() throws Exception {
        spec(etc(), "one");
        var crowded = new CrowdedPool(pool);
        crowded.isFull = true;
        Finder refused = finder(crowded, LIMIT, this::counted);
        refused.begin();
        refused.begin();
        assertThat(lists).hasValue(0);

        crowded.isFull = false;
        time.advanceTimeBy(Finder.PAUSE);
        hears(news -> isTarget(news, "one"));
    }

    /** A pool that may have as many tasks waiting as it takes. */
    private static final class CrowdedPool implements Scheduler {
        private final Scheduler pool;
        private volatile boolean isFull;

        CrowdedPool(Scheduler pool) {
            this.pool = pool;
        }

        @Override
        public Disposable schedule(Runnable task) {
            if (isFull) {
                throw new RejectedExecutionException("very many tasks wait already");
            }
            return pool.schedule(task);
        }

        @Override
        public Worker createWorker() {
            return pool.createWorker();
        }
    }

    @Test
    void saysThatAFolderHangsAndGoesOnWhenItAnswers() throws Exception {
        spec(etc(), "one");
        var found = new CompletableFuture<Boolean>();
        var begun = new LinkedBlockingQueue<String>();
        Finder hung = finder(pool, LIMIT, folder -> {
            if (found.isDone() && folder.equals(etc())) {
                begun.add("a look");
                awaitUninterrupted(hanging);
            }
            return listed(folder);
        });
        hung.begin();
        hears(news -> isTarget(news, "one"));
        found.complete(true);
        spec(etc(), "two");
        hung.begin();

        // On a busy machine the other folders may take too long, too, which ends.
        News stuck = hears(news -> news.problems().size() == 1 && isTarget(news, "one"));
        assertThat(stuck.problems()).singleElement().asString().contains("has not answered", root + "/etc");
        hung.looked().block(LegacyWorld.PATIENCE); // time does not pass for it
        hung.begin();
        hears(news -> !news.problems().isEmpty());
        assertThat(begun).as("looks at what hangs").hasSize(1);

        hanging.countDown();
        hears(news -> isTarget(news, "two") && news.problems().isEmpty());
    }

    @Test
    void aFolderThatHangsCostsThePluginsOfOthersNothing() throws Exception {
        spec(etc(), "one");
        spec(root.resolve("lib/plugins"), "other");
        Finder hung = finder(pool, LIMIT, folder -> {
            if (folder.equals(etc())) {
                awaitUninterrupted(hanging);
            }
            return listed(folder);
        });
        hung.begin();
        hears(news -> isTarget(news, "other") && !news.problems().isEmpty());

        spec(root.resolve("lib/plugins"), "late");
        hung.begin();
        hears(news -> isTarget(news, "late") && isTarget(news, "other"));
        assertThat(hung.looked().toFuture()).as("who asks for an unknown name").satisfies(looked -> {
            time.advanceTimeBy(Finder.DISTANCE);
            looked.get(LegacyWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        });
        hanging.countDown();
        hears(news -> isTarget(news, "one") && isTarget(news, "late") && news.problems().isEmpty());
    }

    @Test
    void keepsWhatItKnewOfAFolderThatHangsAndLooksAtNoneOfItsFiles() throws Exception {
        spec(etc(), "one");
        spec(root.resolve("lib/plugins"), "other");
        var found = new CompletableFuture<Boolean>();
        Finder hung = finder(pool, LIMIT, folder -> {
            if (found.isDone() && folder.equals(etc())) {
                awaitUninterrupted(hanging);
            }
            return listed(folder);
        });
        hung.begin();
        hears(news -> isTarget(news, "one") && isTarget(news, "other"));
        found.complete(true);
        Files.delete(etc().resolve("one.spec"));
        Files.delete(root.resolve("lib/plugins/other.spec"));
        hung.begin();
        // On a busy machine the other folders may take too long, too, which ends.
        News stuck = hears(news -> !news.problems().isEmpty() && !news.sightings().containsKey("other"));
        assertThat(isTarget(stuck, "one")).as("nobody can say that it is gone").isTrue();
        assertThat(stuck.sightings()).containsOnlyKeys("one");
        hanging.countDown();
        hears(news -> news.sightings().isEmpty() && news.problems().isEmpty());
    }

    /** A watch that waits for news which never come, and does not end before it may. */
    private final class HungWatch implements WatchService {
        @Override
        public void close() {
            released.join(); // whoever interrupts it
        }

        @Override
        public WatchKey poll() {
            throw new UnsupportedOperationException();
        }

        @Override
        public WatchKey poll(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public WatchKey take() throws InterruptedException {
            new CountDownLatch(1).await();
            throw new IllegalStateException("it was never counted down");
        }
    }

    @Test
    void closesWithinItsLimitWhileTheThreadOfAWatchHangs() throws Exception {
        Finder closed = finder(pool, new Means(_ -> Listing.NOTHING, HungWatch::new, LIMIT));
        closed.begin();
        hears(_ -> true);
        var over = closed.close().toFuture();
        assertThat(over).isNotDone();
        time.advanceTimeBy(LIMIT);
        assertThat(over).isDone();
    }

    @Test
    @RequiresRoot
    void closesWhileTheKernelDoesNotAnswerTheThreadOfAWatch() throws Exception {
        Path below = Files.createDirectories(root.resolve("lib/plugins"));
        var hung = new CompletableFuture<HungFolder>();
        Finder closed = finder(pool, FileLooks.LIMIT, folder -> {
            Listing now = listed(folder);
            if (folder.equals(below)) {
                hang(hung, root.resolve("lib")); // between the look and the watch
            }
            return now;
        });
        closed.begin();
        try (HungFolder folder = hung.get(LegacyWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(folder.awaitVictim(LegacyWorld.PATIENCE.toSeconds())).isTrue();
            var over = closed.close().toFuture();
            time.advanceTimeBy(FileLooks.LIMIT);
            assertThat(over).isDone();
        }
    }

    private static void hang(CompletableFuture<HungFolder> hung, Path folder) {
        try {
            if (!hung.isDone()) {
                hung.complete(HungFolder.over(folder));
            }
        } catch (IOException e) {
            hung.completeExceptionally(e);
        }
    }

    private static boolean isTarget(News news, String name) {
        return Optional.ofNullable(news.sightings().get(name))
                .filter(sighting -> sighting.meaning() instanceof Meaning.Target)
                .isPresent();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void letsNobodyWaitForALookThatIsNotMadeAnyMore() throws Exception {
        var never = new ArrayList<Runnable>();
        Finder closed = finder(Schedulers.fromExecutor(never::add), LIMIT, this::counted);
        var before = closed.looked().toFuture();
        assertThat(before).isNotDone();
        closed.close().block(LegacyWorld.PATIENCE);
        assertThat(before).isDone();
        assertThat(closed.looked().toFuture()).isDone();
        never.forEach(Runnable::run);
        assertThat(lists).hasValue(0);
    }

    @Test
    @DisplayName("D72: many unknown names at once cost two looks, and none of them waits for its own")
    void looksOnceForAllWhoAskAtATimeD72() {
        Finder busy = finder(Schedulers.immediate(), FileLooks.LIMIT, this::counted);
        busy.begin();
        int first = lists.get();
        var all = IntStream.range(0, 1000).mapToObj(_ -> busy.looked().toFuture()).toList();
        assertThat(all.getFirst()).as("who asks first").isDone();
        assertThat(lists).hasValue(first + 1);
        time.advanceTimeBy(Finder.DISTANCE);
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(lists).hasValue(first + 2);
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(lists).as("when nobody asks").hasValue(first + 2);
        Mono<Void> later = busy.looked();
        later.block(LegacyWorld.PATIENCE);
        assertThat(lists).hasValue(first + 3);
    }

    @Test
    void looksAgainWhenMoreNamesMatter() throws Exception {
        Path folder = Files.createDirectory(root.resolve("f"));
        FolderWatch watch = FolderWatch.open(FileSystems.getDefault().newWatchService(), () -> {});
        assertThat(watch.keep(Map.of(folder, Set.of("a")))).isTrue();
        assertThat(watch.keep(Map.of(folder, Set.of("a")))).isFalse();
        assertThat(watch.keep(Map.of(folder, Set.of("a", "b")))).isTrue();
        assertThat(watch.keep(Map.of(folder, Set.of("a")))).isFalse();
        assertThat(watch.keep(Map.of(folder, Set.of()))).isTrue();
        assertThat(watch.keep(Map.of(folder, Set.of("a")))).isFalse();
        watch.end();
        watch.ended().block(LegacyWorld.PATIENCE);
    }
}
