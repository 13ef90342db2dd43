package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ContainerUsage;
import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.executor.Signal;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.stream.TimeLimit;
import dev.patchbay.thread.FreshThread;
import dev.patchbay.thread.PatientPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs each plugin's container on runc, crun or another program with their command line, under a conmon of its own.
 *
 * <p><b>Threads:</b> {@code runtime-start} (as many as starts may run at once, without those that hang), {@code runtime-work}
 * (deletes and checks), {@code runtime-look} (what there is, and what it uses: asked again and again, also of what hangs),
 * {@code runtime-quick} (everything else that takes a moment: signals, dials, take-overs, exits),
 * {@code runtime-events} (reads logs, tells exits), {@code runtime-watch} (inotify), {@code runtime-timer} (between dials and looks),
 * {@code runtime-io} (signals to subscribers), and one for each pipe that is read. {@link #close} ends all of them, except what
 * hangs, which ends with what it waits for.
 *
 * <p><b>Cancelling:</b> {@link #start} is interrupted and undone, waits and readings stop; {@link #claim}, {@link #takeOver},
 * {@link #signal}, {@link #delete}, {@link #forget} and {@link #check} only lose their caller.
 */
public final class RuncExecutor implements RuntimeExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(RuncExecutor.class);
    private static final int QUEUED_TASKS = 100_000;
    private static final int IDLE_SECONDS = 60;
    private static final int TICK_SECONDS = 5;
    // What takes longer than this part of its limit, 5 s by default for a create, gives its place to others.
    private static final int PATIENCE_PART = 6;
    private static final int MOST_OVERDUE = 64;
    // What should take a moment, but may have to wait for a kernel that does not answer.
    private static final Duration QUICK = Duration.ofSeconds(1);
    private static final int MOST_OVERDUE_QUICK = 256;
    private static final int MOST_USAGES = 4;
    private static final Duration CLAIM_LIMIT = Duration.ofSeconds(10);
    private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(2);

    private final RuncExecutorConfig config;
    private final Containers containers;
    private final FolderWatch folders;
    private final Logs logs;
    private final ExecRootClaim claim;
    private final Sinks.Many<ExitSignal> exits = Sinks.many().unicast().onBackpressureBuffer();
    private final ExecutorService starts;
    private final ExecutorService work;
    private final ExecutorService quick;
    private final ExecutorService looks;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Scheduler io;
    private final Scheduler timer = Schedulers.newSingle("runtime-timer", true);

    private RuncExecutor(RuncExecutorConfig config) throws IOException {
        this.config = config;
        int cores = Runtime.getRuntime().availableProcessors();
        this.starts = new PatientPool("runtime-start", config.startParallelism(), MOST_OVERDUE,
                patience(config.limits().create()), this::after);
        this.work = new PatientPool("runtime-work", Math.max(4, 2 * cores), MOST_OVERDUE,
                patience(config.limits().delete()), this::after);
        this.quick = new PatientPool("runtime-quick", Math.max(4, 2 * cores), MOST_OVERDUE_QUICK, QUICK,
                this::after);
        this.looks = new PatientPool("runtime-look", Math.max(4, 2 * cores), MOST_OVERDUE, QUICK,
                this::after);
        this.io = Schedulers.newBoundedElastic(Math.max(8, 4 * cores), QUEUED_TASKS, "runtime-io",
                IDLE_SECONDS, true);
        var layout = new Layout(config.execRoot(), config.logRoot());
        this.claim = new ExecRootClaim(layout);
        this.folders = FolderWatch.open();
        this.logs = new Logs(config, layout, folders);
        var exitWatch = new ExitWatch(layout, folders, quick);
        this.containers = new Containers(config, layout, logs, exitWatch, this::tell);
        timer.schedulePeriodically(
                () -> once(exitWatch::lookAtAll), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    }

    // Dividing a Duration makes a BigDecimal, and the first one of those takes milliseconds.
    private static Duration patience(Duration limit) {
        long seconds = limit.toSeconds();
        long rest = TimeUnit.SECONDS.toNanos(seconds % PATIENCE_PART) + limit.toNanosPart();
        return Duration.ofSeconds(seconds / PATIENCE_PART, rest / PATIENCE_PART);
    }

    /** Unless the last time has not ended yet. */
    private void once(Runnable task) {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        boolean begun = false;
        try {
            quick.execute(() -> { // the timer's own thread must not block
                try {
                    task.run();
                } finally {
                    looking.set(false);
                }
            });
            begun = true;
        } catch (RejectedExecutionException _) {
            LOG.debug("closed meanwhile");
        } catch (OutOfMemoryError e) {
            LOG.warn("lost monitors are looked for a few seconds later: {}", e.getMessage());
        } finally {
            if (!begun) {
                looking.set(false);
            }
        }
    }

    /**
     * Makes one, on the calling thread, which may block. Touches nothing of what an earlier process left: {@link #present}
     * tells of it. That monitor and runtime are installed is looked at by {@link #check} and each start.
     *
     * @throws RuntimeUnusable if this process is not root, or this machine lacks what it takes, as inotify or mount
     *     information: a sentence with the remedy
     */
    public static RuncExecutor open(RuncExecutorConfig config) {
        try {
            HostRights.require();
            return new RuncExecutor(config);
        } catch (IOException e) {
            throw new RuntimeUnusable("containers cannot be run here: " + e.getMessage(), e);
        }
    }

    /**
     * The same for a host that must not wait. <b>Cold:</b> each subscription makes one, on a thread of its own, on which the value
     * arrives. <b>Cancelling</b> closes what is made afterwards.
     *
     * {@snippet file="dev/patchbay/executor/runc/EmbeddingSnippets.java" region="open"}
     *
     * @return fails with {@link RuntimeUnusable} as {@link #open} does
     */
    public static Mono<RuncExecutor> opening(RuncExecutorConfig config) {
        return Turn.detached(FreshThread.each("runtime-open"), () -> open(config),
                RuncExecutor::closeUnwanted);
    }

    private void closeUnwanted() {
        close().subscribe(_ -> {}, e -> LOG.warn("what nobody waits for did not close cleanly", e));
    }

    private Disposable after(Duration delay, Runnable task) {
        try {
            return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            return Disposables.disposed(); // closed: nobody waits any more for what is still being done
        }
    }

    @Override
    public Mono<Void> claim() {
        return TimeLimit.on(Turn.<Void>detached(quick, () -> {
            claim.take();
            return null;
        }), CLAIM_LIMIT, timer, Mono.error(() -> new RuntimeUnusable("claiming the exec root "
                + config.execRoot() + " takes longer than " + CLAIM_LIMIT.toSeconds()
                + " s; look whether its disk hangs", null)));
    }

    @Override
    public Mono<RunningContainer> start(ContainerRequest request) {
        return Turn.interruptible(starts, turn -> containers.start(request, turn));
    }

    @Override
    public Mono<TakeOver> takeOver(ContainerRequest wanted) {
        return Turn.detached(quick, () -> containers.takeOver(wanted.plugin(), Optional.of(wanted)));
    }

    @Override
    public Mono<TakeOver> takeOver(PluginId plugin) {
        return Turn.detached(quick, () -> containers.takeOver(plugin, Optional.empty()));
    }

    @Override
    public Flux<RunningContainer> running() {
        return Turn.detached(looks, containers::running).flatMapIterable(running -> running);
    }

    @Override
    public Mono<Void> awaitListening(PluginId plugin, Path socket) {
        return Dialer.awaitListening(plugin, socket, quick, timer);
    }

    @Override
    public Mono<Void> signal(PluginId plugin, int generation, Signal signal) {
        return Turn.detached(quick, () -> {
            containers.signal(plugin, generation, signal);
            return null;
        });
    }

    @Override
    public Mono<Void> delete(PluginId plugin) {
        return Turn.detached(work, () -> {
            containers.delete(plugin);
            return null;
        });
    }

    @Override
    public Mono<Void> forget(PluginId plugin) {
        return Turn.detached(quick, () -> {
            containers.forget(plugin);
            return null;
        });
    }

    /** As the port says. As many exits are kept for the subscriber as there were containers. */
    @Override
    public Flux<ExitSignal> exits() {
        return exits.asFlux().publishOn(io);
    }

    @Override
    public Flux<LogLine> output() {
        return logs.output(io);
    }

    @Override
    public Flux<LogLine> logs(PluginId plugin, LogQuery query) {
        return logs.read(plugin, query, io);
    }

    @Override
    public Flux<PluginId> present() {
        return Turn.detached(looks, containers::present).flatMapIterable(plugins -> plugins);
    }

    @Override
    public Flux<PluginId> logged() {
        return Turn.detached(looks, logs::plugins).flatMapIterable(plugins -> plugins);
    }

    @Override
    public Flux<ContainerUsage> usage() {
        // One by one: a control group that the kernel does not answer for keeps no other from being read.
        return Flux.defer(() -> Flux.fromIterable(containers.usage()))
                .flatMap(reading -> Turn.detached(looks, reading::get), MOST_USAGES)
                .flatMapIterable(usage -> usage);
    }

    @Override
    public Mono<String> check() {
        return Turn.detached(work, () -> Check.run(config));
    }

    @Override
    public Mono<Void> close() {
        return Turn.detached(FreshThread.each("runtime-close"), () -> {
            try {
                release();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while closing", e);
            }
            return null;
        });
    }

    private void release() throws IOException, InterruptedException {
        boolean over = false;
        try {
            over = endWork();
            folders.close();
            logs.close();
            containers.removeEmptyGroups();
            timer.dispose();
            io.dispose();
        } finally {
            if (over) {
                claim.release(RELEASE_PATIENCE); // else whoever came next would find us at work in the same bundles
            }
        }
    }

    /** Answers whether nothing is under way any more. */
    private boolean endWork() throws InterruptedException {
        long until = System.nanoTime() + config.limits().delete().toNanos();
        starts.shutdownNow(); // interrupts, so that what is half started is undone
        work.shutdown();
        boolean over = starts.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS)
                && work.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        quick.shutdown(); // not before: deletes wait for exits that are told there
        looks.shutdown();
        boolean _ = quick.awaitTermination(RELEASE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
                && looks.awaitTermination(RELEASE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS); // one may hang
        if (!over) {
            LOG.warn(
                    "closed while a start was still being undone; until this process ends the exec root {} stays in use",
                    config.execRoot());
        }
        return over;
    }

    private void tell(ExitSignal exit) { // log thread only
        switch (exits.tryEmitNext(exit)) {
            case OK -> {
            }
            case FAIL_TERMINATED, FAIL_CANCELLED -> LOG.debug("nobody hears any more of {}", exit);
            case FAIL_ZERO_SUBSCRIBER, FAIL_OVERFLOW, FAIL_NON_SERIALIZED ->
                throw new IllegalStateException("lost " + exit);
        }
    }
}
