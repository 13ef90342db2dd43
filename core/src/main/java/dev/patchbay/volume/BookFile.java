package dev.patchbay.volume;

import dev.patchbay.EngineClosedException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.store.DurableDocument;
import dev.patchbay.store.StoreException;
import dev.patchbay.stream.TimeLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * The book on the disk. One thread writes it, and is the only one that changes it; a change is seen, and its author told, when
 * it is on the disk. Changes that come while one is written are written together.
 *
 * <p>A file that cannot be read is tried again until it can be, however long that takes; one that makes no sense is set aside.
 * Until then there is no book, which is no reason for anything else to wait.
 */
final class BookFile {
    private static final Logger LOG = LoggerFactory.getLogger(BookFile.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Changes that wait for the disk, before more are refused. */
    private static final int MOST_WAITING = 4096;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final DurableDocument document; // file thread only
    private final VolumeThreads threads;
    private final Duration limit;
    private final Queue<Update> waiting = new ConcurrentLinkedQueue<>(); // never parks who asks
    private final AtomicInteger howMany = new AtomicInteger();
    private final Sinks.Empty<Void> open = Sinks.empty();
    private final Mono<Void> opened;
    private volatile Book book = Book.EMPTY;
    private volatile Optional<String> problem;
    private volatile List<String> notices = List.of();
    private volatile String boot = "";

    /** A change, and whoever waits for it. */
    private record Update(UnaryOperator<Book> change, Sinks.One<Book> author) {}

    BookFile(VolumesConfig config, VolumeThreads threads) {
        this.file = config.folder().resolve(VolumesConfig.FILE);
        this.document = new DurableDocument(file, BookJson.MAX_BYTES);
        this.threads = threads;
        this.limit = config.times().disk();
        this.problem = Optional.of(file + ", which has the volumes, is still being read");
        // One deadline for all: who comes while the disk hangs for long hears of it at once.
        this.opened = TimeLimit.on(open.asMono(), Mono.delay(limit, threads.state()).cache(),
                Mono.error(this::unavailable));
    }

    private PluginException unavailable() {
        return new VolumesUnavailableException("volumes cannot be used now: " + problem.orElse("try again"));
    }

    /** Reads it, tries that again until it succeeds, and lets everybody in once something was done with what was read. */
    Mono<Void> opening(Mono<Void> before) {
        return Mono.fromRunnable(this::read)
                .subscribeOn(threads.file())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .jitter(0)
                        .scheduler(threads.state())
                        .doBeforeRetry(failed -> unread(failed.failure())))
                .then(before)
                .then(Mono.fromRunnable(() -> {
                    problem = Optional.empty(); // before anybody is let in by it
                    open.tryEmitEmpty().orThrow();
                }));
    }

    private void unread(Throwable why) {
        String sentence = "the volumes cannot be read, and will be later: " + why.getMessage();
        if (!problem.equals(Optional.of(sentence))) {
            LOG.warn(sentence);
        }
        problem = Optional.of(sentence);
    }

    private void read() {
        boot = bootId();
        Optional<Book> found = document.isUnfit()
                ? Optional.empty()
                : document.read().map(BookJson::read).orElse(Optional.of(Book.EMPTY));
        if (found.isEmpty()) {
            LOG.warn(
                    "{} is damaged, or of a later version; it is kept as {}, and volumes are looked for anew",
                    file, document.setAside());
        }
        book = found.orElse(Book.EMPTY);
        notices = document.aside().stream().map(BookFile::notice).toList();
    }

    private static String notice(Path aside) {
        return aside
                + " had the volumes, and is damaged or of a later version: a volume that is missing is known again"
                + " once it is created again with its driver, and mounts must be made again; then delete that file";
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + BOOT_ID, e);
        }
    }

    /** Which start of the machine this is; known once this is {@link #ready}. */
    String boot() {
        return boot;
    }

    /** Whether all volumes are in the book that ever were: if not, nothing may be taken for what is left of one. */
    boolean isWhole() {
        return notices.isEmpty();
    }

    /** What an operator should look at. */
    List<String> problems() {
        var all = new ArrayList<>(notices);
        problem.ifPresent(all::add);
        return all;
    }

    /** Completes when there is a book; fails if that takes long. */
    Mono<Void> ready() {
        return Mono.defer(() -> problem.isEmpty() ? Mono.empty() : opened);
    }

    /** The book as it is on the disk; never waits. */
    Book book() {
        return book;
    }

    /**
     * Changes the book. <b>Cancelling</b> only detaches.
     *
     * @param change run on the file thread; may refuse with a {@link PluginException}
     * @return the book once it is on the disk; fails with {@link PluginStorageException}
     */
    Mono<Book> update(UnaryOperator<Book> change) {
        return TimeLimit.on(Mono.defer(() -> {
            var update = new Update(change, Sinks.one());
            if (howMany.incrementAndGet() > MOST_WAITING) {
                howMany.decrementAndGet();
                return Mono.<Book>error(
                        new PluginStorageException("too many changes wait to be written to " + file
                                + ": the disk hangs", null));
            }
            waiting.add(update);
            try {
                threads.file().schedule(this::write);
            } catch (RejectedExecutionException _) {
                return Mono.<Book>error(new EngineClosedException());
            }
            return update.author().asMono();
        }), limit, threads.state(), Mono.error(() -> new PluginStorageException("writing " + file
                + " takes longer than " + limit.toSeconds()
                + " s: the disk hangs; the change may still"
                + " come into effect", null)))
                .publishOn(threads.state());
    }

    private void write() {
        var updates = new ArrayList<Update>();
        for (Update update = waiting.poll(); update != null; update = waiting.poll()) {
            howMany.decrementAndGet();
            updates.add(update);
        }
        if (!write(updates)) {
            updates.forEach(update -> write(List.of(update))); // all but one may fit
        }
    }

    /** Whether those who wait were told what became of it; they are not if together it is too much. */
    private boolean write(List<Update> updates) {
        Book next = book;
        var accepted = new ArrayList<Update>();
        for (Update update : updates) {
            try {
                next = update.change().apply(next);
                accepted.add(update);
            } catch (PluginException refused) {
                update.author().tryEmitError(refused).orThrow();
            }
        }
        byte[] json = BookJson.write(next);
        if (json.length > BookJson.MAX_BYTES && accepted.size() > 1) {
            updates.removeIf(update -> !accepted.contains(update));
            return false;
        }
        Optional<PluginException> failure = put(next, json);
        for (Update update : accepted) {
            failure.ifPresentOrElse(why -> update.author().tryEmitError(why).orThrow(),
                    () -> update.author().tryEmitValue(book).orThrow());
        }
        return true;
    }

    private Optional<PluginException> put(Book next, byte[] json) {
        if (next.equals(book)) {
            return Optional.empty();
        }
        if (json.length > BookJson.MAX_BYTES) {
            return Optional.of(new PluginStorageException(file + " would have more than "
                    + BookJson.MAX_BYTES + " bytes: remove volumes that are not needed", null));
        }
        try {
            document.replace(json);
            book = next;
            return Optional.empty();
        } catch (StoreException e) {
            return Optional.of(new PluginStorageException(String.valueOf(e.getMessage()), e));
        }
    }
}
