package dev.patchbay.event;

import dev.patchbay.event.SqliteFile.Aside;
import dev.patchbay.event.SqliteSchema.Owner;
import dev.patchbay.thread.FreshThread;
import dev.patchbay.thread.GracefulScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A journal in a SQLite database in WAL mode. Needs {@code org.xerial:sqlite-jdbc}.
 *
 * <p>One thread writes, a few read; readers see the file as it was when they began, and neither wait for the writer nor
 * keep it waiting. They read page by page, so that no moment is held for long.
 *
 * <p>The file names its epoch, the run of the machine that it is written in, and whether it was closed. That it was not is
 * on the disk before the first event is. So a file that was not closed and is of an earlier run may have lost its end when
 * the machine went down: numbers that somebody has heard of would be given again. It is put aside, unless every event was
 * on the disk before it was told ({@link Durability#SYNC}).
 *
 * <p>A file that was {@linkplain #abandon abandoned} is put aside at once, or, where that fails, when this is closed.
 * Another one is not made before the last connection to it is closed, because SQLite then deletes what lies beside the
 * file by its name. No file with events is ever deleted before a few others were put aside.
 */
public final class SqliteJournal implements EventJournal {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteJournal.class);
    private static final int READERS = 2;
    private static final int WAITING_READS = 100_000;
    private static final int WAITING_WRITES = 1024;
    private static final int IDLE_SECONDS = 30;
    private static final long CHECKED_BYTES = 64L << 20;

    private final Settings settings;
    private final SqliteFile file;
    private final RandomGenerator chance;
    private final Clock clock;
    private final String boot;
    private final Scheduler writing = GracefulScheduler
            .of(Schedulers.newBoundedElastic(1, WAITING_WRITES, "event-journal", IDLE_SECONDS, true));
    private final Scheduler reading = GracefulScheduler
            .of(Schedulers.newBoundedElastic(READERS, WAITING_READS, "event-read", IDLE_SECONDS, true));
    private final Disposable.Swap tidying = Disposables.swap();
    private volatile @Nullable Session session; // written by the writer's thread
    private volatile Bounds bounds = new Bounds("closed", 1, 0);
    private volatile boolean abandoned;
    private volatile boolean damaged;

    /** What is open. */
    private record Session(SqliteWriter writer, SqliteReaders readers) {}

    /**
     * What there is to say about a journal on disk.
     *
     * @param file where it is; its folder exists
     * @param durability what an event outlives
     * @param retention how much is kept
     */
    public record Settings(Path file, Durability durability, Retention retention) {}

    /**
     * Makes one.
     *
     * @param chance where epochs are drawn from
     * @param clock by which events age
     */
    public SqliteJournal(Settings settings, RandomGenerator chance, Clock clock) {
        this(settings, chance, clock, boot());
    }

    /** Makes one in a run of the machine that has this name. */
    SqliteJournal(Settings settings, RandomGenerator chance, Clock clock, String boot) {
        this.settings = settings;
        this.file = new SqliteFile(settings.file().toAbsolutePath());
        this.chance = chance;
        this.clock = clock;
        this.boot = boot;
    }

    private static String boot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            LOG.debug("the run of the machine has no name: {}", e.getMessage());
            return "";
        }
    }

    @Override
    public Mono<Opened> open() {
        return toTheEnd(() -> {
            Session present = session;
            if (present != null && !abandoned) {
                return new Opened(bounds, List.of()); // nobody waited for it the last time
            }
            leave(present);
            NativeSqlite.load(file.path().resolveSibling(""));
            var notices = new ArrayList<String>();
            Session next = openOrReplace(notices);
            bounds = next.writer().bounds();
            session = next;
            tidyLater(next.writer());
            return new Opened(bounds, notices);
        });
    }

    /** Leaves nothing of what was abandoned. */
    private void leave(@Nullable Session present) {
        if (present != null) {
            if (!present.readers().close()) {
                throw new JournalException("somebody still reads the event journal that was given up");
            }
            present.writer().close();
            session = null;
        }
        if (abandoned) {
            discard();
            abandoned = false;
            damaged = false;
        }
    }

    private Session openOrReplace(List<String> notices) {
        file.prepare();
        try {
            Optional<Session> found = connect();
            if (found.isPresent()) {
                return found.get();
            }
            notices.add(
                    "the machine went down while the event journal was open, and its newest events may be lost; "
                            + "it was put aside as " + file.putAside(Aside.CUT)
                            + ", and events begin anew, in a new epoch");
        } catch (DamagedJournalException e) {
            notices.add(
                    "the event journal is damaged (" + e.what() + "); it was put aside as "
                            + file.putAside(Aside.DAMAGED)
                            + ", for you to look at or delete, and events begin anew, in a new epoch");
        }
        file.prepare();
        return connect().orElseThrow();
    }

    /** Opens what is there; empty if that may have lost its end. */
    private Optional<Session> connect() {
        Connection connection = null;
        try {
            connection = file.toWrite();
            Optional<Owner> found = SqliteSchema.owner(connection, file.path());
            if (found.isPresent() && found.get().mayHaveLostItsEnd(boot)) {
                connection.close();
                return Optional.empty();
            } else if (found.isPresent()) {
                // What was closed was in order, and in what is large somebody will find what is wrong when he reads it.
                if (!found.get().closed() && file.bytes() <= CHECKED_BYTES) {
                    SqliteSchema.check(connection, file.path());
                }
                SqliteSchema.wal(connection);
                connection.setAutoCommit(false);
            } else {
                SqliteSchema.create(connection);
            }
            var owner = new Owner(found.map(Owner::name).orElseGet(() -> Epochs.draw(chance)),
                    settings.durability(),
                    boot, false);
            return Optional.of(new Session(SqliteWriter.own(file.path(), connection, owner),
                    new SqliteReaders(file, owner.name())));
        } catch (SQLException e) {
            close(connection);
            throw SqliteTrouble.at(file.path(), e);
        } catch (JournalException e) {
            close(connection);
            throw e;
        }
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("an event journal that cannot be used is closed: {}", e.getMessage());
        }
    }

    @Override
    public Mono<Void> append(List<LoggedEvent> events) {
        return toTheEnd(() -> {
            SqliteWriter writer = opened().writer();
            noting(() -> writer.append(events, settings.retention(), clock.instant()));
            bounds = writer.bounds();
            return true;
        }).then();
    }

    @Override
    public Mono<EventPage> read(long after, int max, EventFilter filter) {
        return reading(reader -> reader.page(after, max, filter));
    }

    @Override
    public Mono<Long> before(Instant time) {
        return reading(reader -> reader.before(time));
    }

    private <T> Mono<T> reading(Function<SqliteReader, T> query) {
        return Mono.defer(() -> {
            Session present = opened();
            return Mono.fromSupplier(() -> present.readers().read(query)).subscribeOn(reading);
        })
                .doOnError(DamagedJournalException.class, _ -> damaged = true)
                .onErrorMap(RejectedExecutionException.class,
                        e -> new JournalException("too many wait for the event journal, or it is closed", e));
    }

    private void noting(Runnable work) {
        try {
            work.run();
        } catch (DamagedJournalException e) {
            damaged = true;
            throw e;
        }
    }

    private Session opened() {
        Session present = session;
        if (present == null || abandoned) {
            throw new JournalException("the event journal is not open");
        }
        return present;
    }

    @Override
    public Bounds bounds() {
        return bounds;
    }

    private void tidyLater(SqliteWriter writer) {
        tidying.update(writing.schedule(() -> tidy(writer), 1, TimeUnit.MINUTES));
    }

    /** For when nothing is appended: what is appended takes care by itself. */
    private void tidy(SqliteWriter writer) {
        Session present = session;
        if (present == null || present.writer() != writer || abandoned) {
            return;
        }
        try {
            boolean more = writer.tidy(settings.retention(), clock.instant());
            bounds = writer.bounds();
            if (more) {
                tidying.update(writing.schedule(() -> tidy(writer))); // what waits to be appended first
            } else {
                tidyLater(writer);
            }
        } catch (JournalException e) {
            LOG.warn("the event journal cannot be trimmed: {}", e.getMessage());
            tidyLater(writer);
        } catch (RejectedExecutionException e) {
            LOG.debug("the event journal was closed meanwhile", e);
        }
    }

    @Override
    public Mono<Void> abandon() {
        return Mono.fromRunnable(() -> {
            abandoned = true;
            // Neither on the writer's thread, which may hang, nor on the caller's, which must not.
            FreshThread.start("event-abandon", this::discardWhatIsAbandoned);
        });
    }

    private void discardWhatIsAbandoned() {
        try {
            discard();
        } catch (JournalException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /** One at a time, and nothing but what was abandoned: another file may have been made meanwhile. */
    private synchronized void discard() {
        if (abandoned && file.exists()) {
            LOG.warn("the event journal that was given up is kept as {}",
                    file.putAside(damaged ? Aside.DAMAGED : Aside.LEFT));
        }
    }

    @Override
    public Mono<Void> close() {
        return reading.disposeGracefully()
                .then(Mono.defer(() -> toTheEnd(() -> {
                    Session present = session;
                    session = null;
                    tidying.dispose();
                    if (present != null) {
                        boolean _ = present.readers().close(); // none reads any more
                        if (abandoned) {
                            present.writer().close();
                        } else {
                            present.writer().finish();
                        }
                    }
                    discardWhatIsAbandoned(); // perhaps it works now: the next process must not take it up
                    abandoned = false; // another journal may have the file from here on
                    return true;
                })))
                .then(Mono.defer(writing::disposeGracefully));
    }

    /** Work of the writer's thread that is carried out whole, even if nobody waits for it any more. */
    private <T> Mono<T> toTheEnd(Supplier<T> work) {
        return Mono.defer(() -> {
            Sinks.One<T> result = Sinks.one();
            try {
                var _ = writing.schedule(() -> {
                    try {
                        result.tryEmitValue(Objects.requireNonNull(work.get())).orThrow();
                    } catch (RuntimeException | Error e) {
                        result.tryEmitError(e).orThrow();
                    }
                });
            } catch (RejectedExecutionException e) {
                return Mono.error(new JournalException("the event journal is closed, or hangs", e));
            }
            return result.asMono();
        });
    }
}
