package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.legacy.Sighting.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    private final AtomicInteger lists = new AtomicInteger();
    private Optional<Finder> finder = Optional.empty();

    private record News(Map<String, Sighting> sightings, List<String> problems) {}

    @AfterEach
    void close() {
        hanging.countDown();
        finder.ifPresent(it -> it.close().block(LegacyWorld.PATIENCE));
        pool.disposeGracefully().block(LegacyWorld.PATIENCE);
        time.dispose();
    }

    private Finder finder(Scheduler looks, Duration limit, Function<LegacyFolders, Listing> lister) {
        var folders = new LegacyFolders(root.resolve("run"), List.of(root.resolve("etc")));
        var made = new Finder(folders, lister, limit,
                new LegacyPlugins.Outside(looks, time, Schedulers.immediate(), _ -> Optional.empty()),
                (sightings, problems) -> heard.add(new News(sightings, problems)));
        finder = Optional.of(made);
        return made;
    }

    private Listing counted(LegacyFolders folders) {
        lists.incrementAndGet();
        return FolderLook.at(folders);
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

    private void spec(String name) throws IOException {
        LegacyWorld.write(root.resolve("etc").resolve(name + ".spec"), "unix:///run/" + name);
    }

    @Test
    void saysThatAFolderHangsAndGoesOnWhenItAnswers() throws Exception {
        spec("one");
        var found = new CompletableFuture<Boolean>();
        var begun = new LinkedBlockingQueue<String>();
        Finder hung = finder(pool, LIMIT, folders -> {
            if (found.isDone()) {
                begun.add("a look");
                awaitUninterrupted(hanging);
            }
            return FolderLook.at(folders);
        });
        hung.begin();
        hears(news -> isTarget(news, "one"));
        found.complete(true);
        spec("two");
        hung.begin();

        News stuck = hears(news -> !news.problems().isEmpty() && isTarget(news, "one"));
        assertThat(stuck.problems()).singleElement().asString().contains("has not answered", root + "/etc");
        hung.looked().block(LegacyWorld.PATIENCE); // time does not pass for it
        hung.looked().block(LegacyWorld.PATIENCE);
        hung.begin();
        hears(news -> !news.problems().isEmpty());
        assertThat(begun).as("looks at what hangs").hasSize(1);

        hanging.countDown();
        hears(news -> isTarget(news, "two") && news.problems().isEmpty());
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
        FolderWatch watch = FolderWatch.open(() -> {});
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
