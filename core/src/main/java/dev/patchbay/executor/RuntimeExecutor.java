package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs at most one container for each plugin, and tells of its end.
 *
 * <p>A container is known by its plugin and the generation of its start. Invariants that every implementation keeps:
 *
 * <ol>
 *   <li>each container whose {@link #start} succeeded is told of in {@link #exits} exactly once, also if the exit comes
 *       before the start's caller hears of it, and also if that caller is gone;
 *   <li>a {@link #start} that fails leaves nothing behind: no process, mount, cgroup or folder;
 *   <li>nothing here waits for a plugin longer than the limits of its configuration.
 * </ol>
 *
 * <p><b>Threads:</b> all publishers are cold except {@link #exits} and {@link #output}; none blocks the thread that
 * subscribes; signals arrive on the executor's own threads.
 */
public interface RuntimeExecutor {
    /**
     * Claims what no other executor may work in at the same time, such as a folder with what containers leave, until
     * {@link #close} or the end of the process: the other one would take their containers for left-overs. An engine asks once,
     * before anything else. Nothing, for an executor that has nothing of that kind.
     *
     * <p><b>Cancelling</b> only loses the caller.
     *
     * @return completes empty once that is this executor's; fails with {@link ExecutorException} that says what is in use, and
     *     what to do
     */
    default Mono<Void> claim() {
        return Mono.empty();
    }

    /**
     * Creates and starts a plugin's container; what an earlier generation left behind under the same id is removed
     * first, and what runs for that plugin without the executor knowing why is ended. Starts beyond the configured
     * parallelism wait for their turn.
     *
     * <p><b>Cancelling</b> before the value interrupts the start and removes what it had made; after it, nothing.
     *
     * @return the running container; fails with {@link ExecutorException}
     */
    Mono<RunningContainer> start(ContainerRequest request);

    /**
     * Takes over a plugin's container from an earlier process, without disturbing it: its exit will be told in
     * {@link #exits}, its lines in {@link #output}, those included that it wrote while nobody listened only in
     * {@link #logs}. Changes nothing that is left of one that has ended, so it may be asked again. A container that
     * this executor started or took over already is {@link TakeOver.Running} too.
     *
     * <p><b>Cancelling</b> only loses the caller.
     *
     * @param wanted what a start would be asked for now, with any generation
     * @return what was found; fails with {@link ExecutorException} if that cannot be told
     */
    Mono<TakeOver> takeOver(ContainerRequest wanted);

    /**
     * As {@link #takeOver(ContainerRequest)}, where nobody can say what a start would be asked for, or nobody wants one:
     * what runs cannot be said to differ, and so counts as wanted.
     */
    Mono<TakeOver> takeOver(PluginId plugin);

    /**
     * Those containers that this executor has started or taken over whose first process runs at this moment. The kernel is
     * asked, nothing is started or changed: cheap enough to be asked every minute. One that is not among them has ended,
     * or has not begun, whatever {@link #exits} told so far.
     *
     * @return the containers; fails if that cannot be told of all of them, which proves nothing of any
     */
    Flux<RunningContainer> running();

    /**
     * Dials a unix socket until something accepts: at once, then after 1 ms growing to 50 ms. Never gives up by itself:
     * the caller sets the limit and cancels when the container ends. <b>Cancelling</b> stops the dialling.
     *
     * @return completes empty when a connection was accepted (it is closed again); fails with {@link ExecutorException}
     *     if the path can never be dialled
     */
    Mono<Void> awaitListening(PluginId plugin, Path socket);

    /**
     * Sends a signal to the container's first process.
     *
     * @return completes empty when it was sent, or when that generation's process is already gone; fails with
     *     {@link ExecutorException} if the kernel or the runtime refuses
     */
    Mono<Void> signal(PluginId plugin, int generation, Signal signal);

    /**
     * Removes whatever there is of a plugin's container: kills what is left of it, deletes it from the runtime, its
     * cgroup, the mounts below its exec directory and propagated mount, its bundle and its exec directory. Idempotent;
     * completes for a plugin that never ran. Its log stays until {@link #forget}.
     *
     * @return completes empty when nothing is left; fails with {@link ExecutorException} that names what could not be
     *     removed
     */
    Mono<Void> delete(PluginId plugin);

    /** Removes what {@link #delete} keeps: a removed plugin's log. Idempotent. */
    Mono<Void> forget(PluginId plugin);

    /**
     * Ends of containers. <b>Hot</b>, but what happens before the one subscriber arrives is kept for it. Exactly one
     * subscriber: the engine.
     */
    Flux<ExitSignal> exits();

    /**
     * Each line that any container writes, from now on. <b>Hot</b>, no replay; a subscriber that falls more than
     * {@value #OUTPUT_BUFFER} lines behind loses the newest ones and hears of it in a line of its own.
     */
    Flux<LogLine> output();

    /** How far a subscriber of {@link #output} may fall behind, in lines. */
    int OUTPUT_BUFFER = 8192;

    /**
     * A plugin's log, oldest line first, over rotations and generations. Follows if asked to, until cancelled.
     * <b>Cancelling</b> stops the reading. Honours demand: the file is read as fast as lines are asked for.
     *
     * @return the lines; empty for a plugin that never ran; fails with {@link ExecutorException} if the log is unreadable
     */
    Flux<LogLine> logs(PluginId plugin, LogQuery query);

    /**
     * Plugins of which this executor still has a container, running or not, from an earlier process too, also where that
     * one kept its files elsewhere, as far as it is provably not somebody else's.
     */
    Flux<PluginId> present();

    /**
     * Plugins of which a log is kept, removed ones included: what a process that was killed did not come to
     * {@link #forget}. None, for one that keeps no log beyond its own life.
     */
    Flux<PluginId> logged();

    /**
     * What the containers that run have used, as far as this machine counts it, and what some had used that ended last,
     * without memory and processes; those of one plugin in the order of their starts. For meters: one that cannot be looked
     * at is left out, and one that takes long delays others as little as can be. Nothing, unless an executor counts.
     */
    default Flux<ContainerUsage> usage() {
        return Flux.empty();
    }

    /**
     * Tells whether the runtime can be used at all.
     *
     * @return its name and version, such as {@code runc 1.1.5}; fails with {@link ExecutorException} that says what is
     *     missing and what to install
     */
    Mono<String> check();

    /** Releases threads, watches and files. Containers run on. Nothing else may be called afterwards. */
    Mono<Void> close();
}
