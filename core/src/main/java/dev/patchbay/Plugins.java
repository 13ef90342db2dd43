package dev.patchbay;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A running plugin engine.
 *
 * <p><b>Naming a plugin.</b> {@code nameOrId} is a full id, a name in any form that Docker's reference grammar takes
 * ({@code sshfs}, {@code vieux/sshfs:latest}, {@code docker.io/vieux/sshfs}), or a prefix of an id. A name wins over a
 * prefix (moby {@code plugin/store.go}). Each method that takes one fails with {@link PluginNotFoundException} if it
 * names nothing and with {@link AmbiguousPluginException} if the prefix fits several plugins.
 *
 * <p><b>Commands</b> ({@link #create}, {@link #set}, {@link #limit}, {@link #enable}, {@link #disable}, {@link #remove},
 * {@link #rollBack}, {@link #acquire}, {@link #release}, {@link #collectGarbage}, {@link #note}) are <b>cold</b>:
 * each subscription submits one. <b>Order:</b> per plugin, the order in which the mailbox took them; between plugins,
 * none. A command for a plugin that is busy waits its turn. They complete only after what they promise is on disk.
 * <b>Cancelling</b> only detaches the caller: a command that was taken is still carried out. Besides what each method
 * lists they fail with {@link EngineBusyException} if the mailbox is full or too much waits for the event journal,
 * {@link PluginBusyException} if too many commands wait for the plugin, {@link PluginStorageException} if the disk
 * refuses, {@link EngineClosedException} after {@link #close}, and {@link EngineFaultException} if the engine itself is at
 * fault.
 *
 * <p><b>Transfers</b> ({@link #create} too, {@link #privileges}, {@link #install}, {@link #upgrade}, {@link #push},
 * {@link #export}, {@link #importLayout}) are cold as well: each subscription is one. Cancelling one gives it up and
 * leaves nothing behind, as long as its result is not on its way to disk; {@link #close} gives up all of them, they fail
 * with {@link EngineClosedException}. Where they tell their <b>progress</b>, it is conflated: a subscriber that asks
 * slowly sees the newest step of each layer or blob, and never slows the transfer; the last value is always seen, and
 * nothing follows it. Otherwise they fail as commands do.
 *
 * <p><b>Threads:</b> signals of commands, and progress, arrive on the engine's {@code plugin-reply} thread, refusals of a full mailbox
 * on the subscribing thread. Reads never queue: they answer from an immutable snapshot on the subscribing thread.
 */
public interface Plugins extends LimitedPlugins, MeasuredPlugins {
    /**
     * The key of the request id, a {@link String}, in a subscriber's Reactor Context. It crosses the mailbox with the
     * command and stands in the log lines of what the command led to.
     */
    String REQUEST_ID = "dev.patchbay.requestId";

    /** The longest time that {@link #enable} may be told to wait. */
    Duration MAX_START_TIMEOUT = Duration.ofHours(1);

    /** How many may hold one plugin: far more than is sensible, so that who forgets to let go is found. */
    int MOST_HOLDERS = 4096;

    /**
     * Installs a plugin from a context: a tar, gzip-compressed or not, with {@code config.json} and {@code rootfs/} at
     * its top. The new plugin is disabled.
     *
     * <p><b>Back-pressure:</b> the context is read as fast as it is unpacked; it is never whole in memory.
     * <b>Cancelling</b> before the value stops the reading and leaves nothing behind.
     *
     * @param name the name that the plugin gets; {@code :latest} is added if it has no tag
     * @return the new plugin's id; fails with {@link InvalidRequestException} for a bad name, context or config, with
     *     {@link PluginConflictException} if the name is taken
     */
    Mono<PluginId> create(String name, Publisher<ByteBuffer> context);

    /**
     * What a published plugin asks for. Reads its manifest and configuration, no layer, and keeps nothing.
     *
     * @return in Docker's order, empty if it asks for nothing; fails with {@link RemoteNotFoundException},
     *     {@link RemoteDeniedException}, {@link RemoteFailedException} or {@link UnusableImageException}, never with an
     *     empty list (D1)
     */
    Mono<List<Privilege>> privileges(Reference remote, RegistryAccess access);

    /**
     * Installs a published plugin. The new plugin is disabled.
     *
     * <p>The name is reserved first, and privileges are checked before a layer is fetched, against the configuration
     * that is installed (D2). Of an index the image for this machine is taken. A reference with a tag and a digest names
     * the plugin by its tag and fetches by the digest. <b>Cancelling</b> before {@link PullProgress.Done} leaves nothing
     * behind, unless all was on its way to disk already: then the plugin is there, whole.
     *
     * @return fails as {@link #privileges} does, with {@link PluginConflictException} if the name is taken or being
     *     installed, with {@link PrivilegesException} if not exactly what it asks for was granted
     */
    Flux<PullProgress> install(InstallRequest request);

    /**
     * Replaces a disabled plugin by another published version. Id, name and the data below its propagated mount stay;
     * settings are carried over by name where the new configuration still has them. Until the new version is on disk
     * the old one stays whole and usable; afterwards it is kept for {@link #rollBack}, and the one before that is gone.
     *
     * <p>It may be enabled, set or removed while the new version is fetched; settings are those of the moment of the
     * exchange (D17), and a plugin that is enabled by then keeps its old version. Upgrading to the version that it has
     * unpacks that once more, which repairs files that were changed.
     *
     * @return as {@link #install}; fails with {@link PluginConflictException} if the plugin is enabled, or already being
     *     upgraded, with {@link PluginNotFoundException} if it was removed meanwhile
     */
    Flux<PullProgress> upgrade(String nameOrId, UpgradeRequest request);

    /**
     * Exchanges a disabled plugin and its version before the last upgrade, settings included.
     *
     * @return completes empty once on disk; fails with {@link PluginConflictException} if the plugin is enabled or has no
     *     previous version
     */
    Mono<Void> rollBack(String nameOrId);

    /**
     * Publishes a plugin under its own name. Blobs that the repository has, or can take over from the one that the
     * plugin was pulled from, are not sent. The manifest follows when all that it names is there. It is the one that the
     * plugin came with, to the byte; if that was lost, another is made and kept, so that it has one digest for good
     * (D24). Works in every state of the plugin, which may even be removed meanwhile.
     *
     * @return fails as {@link #privileges} does, and with {@link PluginStorageException} if its content is not whole
     */
    Flux<PushProgress> push(String nameOrId, RegistryAccess access);

    /**
     * A plugin as an OCI image layout, a tar: what {@link #importLayout} takes, here or elsewhere. Honours demand. The
     * plugin's content is kept while it is read. <b>Threads:</b> those on which the store reads: whoever subscribes must
     * not wait there.
     *
     * @return buffers that the subscriber may keep but not write to; fails with {@link PluginStorageException} if the
     *     plugin's content is not whole, before the first byte where that can be told
     */
    Flux<ByteBuffer> export(String nameOrId);

    /**
     * Installs a plugin from an OCI image layout, a tar. The new plugin is disabled.
     *
     * <p><b>Back-pressure</b> and <b>cancelling</b> as in {@link #create}.
     *
     * @param name the name that the plugin gets; {@code :latest} is added if it has no tag
     * @param consent to the privileges that the plugin asks for, which stand in the layout
     * @return the new plugin's id; fails with {@link UnusableImageException} if the layout is at fault or has nothing for
     *     this machine, with {@link PrivilegesException} and {@link PluginConflictException} as {@link #install}
     */
    Mono<PluginId> importLayout(String name, Consent consent, Publisher<ByteBuffer> layout);

    /**
     * Deletes content that no plugin needs, now rather than some time after it became superfluous. Delays no command;
     * only one collection runs at a time.
     *
     * @param dryRun only look
     * @return what was found and done; fails with {@link EngineBusyException} if too many were asked for, with
     *     {@link PluginStorageException} if it takes too long
     */
    Mono<GarbageReport> collectGarbage(boolean dryRun);

    /**
     * Changes settings, all or none.
     *
     * @param assignments each {@code name[.field][=value]}; see {@link dev.patchbay.plugin.Settings}
     * @return completes empty once stored; fails with {@link InvalidRequestException} for an assignment that the config
     *     does not allow, with {@link PluginConflictException} if the plugin is enabled
     */
    Mono<Void> set(String nameOrId, List<String> assignments);

    /**
     * Starts a plugin and waits until its socket accepts connections.
     *
     * @param startTimeout from the container's start to the first accepted connection, monotonic, 1 ms to
     *     {@link #MAX_START_TIMEOUT}
     * @return completes empty once the plugin runs and is stored as enabled; fails with
     *     {@link PluginConflictException} if it is enabled, with {@link PluginStartException} if it exits before, the
     *     timeout passes or the runtime refuses; it is disabled then
     * @throws IllegalArgumentException if {@code startTimeout} is out of its range
     */
    Mono<Void> enable(String nameOrId, Duration startTimeout);

    /**
     * Stops a plugin: TERM, 10 s, KILL, 10 s. It stays off until enabled.
     *
     * @param force {@link Force#YES} also cuts off users of the plugin, and a start that is under way
     * @return once the container is gone, who was cut off, {@value #MOST_HOLDERS} at most and mostly nobody; the event
     *     {@code stop} names them too. Fails with {@link PluginConflictException} if the plugin is not enabled or in use,
     *     with {@link PluginStopException} if the container outlives KILL, where only the event does
     */
    Mono<List<Holder>> disable(String nameOrId, Force force);

    /**
     * Removes a plugin and all that belongs to it. Needs no room on the disk. Until it is removed it is what it was: one
     * that was enabled and cannot be stopped or removed is started again.
     *
     * @param force {@link Force#YES} stops it first if it is enabled, and cuts off its users
     * @return once its files are gone, who was cut off, {@value #MOST_HOLDERS} at most and mostly nobody; the event
     *     {@code remove} names them too. Fails with {@link PluginConflictException} if it is enabled or in use, with
     *     {@link PluginStopException} if it had to be stopped and could not be
     */
    Mono<List<Holder>> remove(String nameOrId, Force force);

    /** One plugin, as the engine knows it now. */
    Mono<PluginView> inspect(String nameOrId);

    /** The plugins that pass a filter, ordered by name. <b>Cold</b>, one snapshot per subscription. */
    Flux<PluginView> list(PluginFilter filter);

    /**
     * The enabled plugins that can do something, ordered by name, and after them the legacy ones, as far as they have said so
     * by now and are not hidden by a plugin of that name. <b>Cold</b>, one snapshot per subscription.
     *
     * @param capability such as {@code volumedriver}, or {@code docker.volumedriver/1.0}, which means the same: in any case,
     *     of the same major version, and at least of that minor one
     * @throws IllegalArgumentException if that is no capability
     */
    Flux<Provider> byCapability(String capability);

    /**
     * Those that {@link #byCapability} has, and from then on who comes and goes. <b>Cold</b>. <b>Back-pressure:</b> honours
     * demand; a listener that is slow delays nobody, no start or stop either (in moby each subsystem is called in the middle
     * of an enable, D55), and hears of each plugin what became of it meanwhile. <b>Threads:</b> {@code plugin-reply}.
     * Completes when the engine closes.
     *
     * @throws IllegalArgumentException if that is no capability
     */
    Flux<PluginPresence> arrivals(String capability);

    /**
     * Docker's legacy plugins, which nobody manages, ordered by name. <b>Cold</b>, one snapshot per subscription. Empty unless
     * the engine was told to look for them.
     */
    Flux<LegacyPlugin> legacyPlugins();

    /**
     * A plugin as it runs now, held by nobody: it may be disabled, exchanged or removed at any moment, and calls fail then.
     * For who asks a plugin often and briefly. <b>Cold</b>, one snapshot per subscription.
     *
     * <p>If no plugin is called so, this may be a <b>legacy</b> one, found by its whole name. It is waited for until it has said
     * what it implements; the same goes for {@link #use} and {@link #acquire}. Those are counted, but keep nobody from ending
     * it, and are forgotten when the engine closes.
     *
     * @param capability as for {@link #byCapability}
     * @return fails as {@link #use} does when the plugin cannot be had
     * @throws IllegalArgumentException if that is no capability
     */
    Mono<PluginUse> lookUp(String nameOrId, String capability);

    /**
     * Uses a plugin, and holds it meanwhile: it is not disabled, exchanged or removed then without force.
     *
     * <pre>{@code
     * Mono<Volume> made = plugins.use("sshfs", "volumedriver", "volume db", use -> use.client().call(create("db"))).single();
     * }</pre>
     *
     * <p><b>Cold:</b> each subscription is a use of its own. It ends when the work completes, fails, or is cancelled, at
     * whatever moment; a command that comes after it on this thread finds the plugin let go. Who only looks, as by {@link #inspect} and
     * {@link #list}, may see it held a moment longer.
     * A plugin that crashes meanwhile stays held, and is started again. One that is disabled by force does not wait, nor end
     * the work: its calls fail at once. Closing the engine does not wait either, but in its end the work fails.
     *
     * @param capability as for {@link #byCapability}
     * @param label what people are told whom it is in use by, for example {@code volume db}
     * @param work is called on {@code plugin-reply}, which must not be blocked
     * @return what the work says; fails with {@link PluginConflictException} if the plugin is disabled or lacks the
     *     capability, with {@link PluginUnavailableException}, which is {@link Retryable}, if it is enabled and does not run
     *     right now or {@value #MOST_HOLDERS} hold it, and otherwise as commands do
     * @throws IllegalArgumentException if that is no capability
     */
    <T> Flux<T> use(String nameOrId, String capability, String label,
            Function<? super PluginUse, ? extends Publisher<? extends T>> work);

    /**
     * Holds a plugin until {@link #release}, which is a command, as this is. For who uses it longer than one stream lasts; a
     * durable holder is on disk before it is granted. Asking again with the same holder counts once.
     *
     * <p>Ids that begin with {@value Holder#OF_VOLUMES} or {@value Holder#OF_LONG_VOLUMES} belong to
     * {@link dev.patchbay.volume.Volumes}, which lets go of those of its own form that none of its volumes accounts for.
     *
     * @return as {@link #use}; fails with {@link PluginConflictException} if the holder is durable and the plugin a legacy one, and
     *     with one of kind {@code EXISTS} if another holder has that id
     * @throws IllegalArgumentException if that is no capability, or the holder's id belongs to the engine
     */
    Mono<PluginUse> acquire(String nameOrId, String capability, Holder holder);

    /**
     * Ends a hold, or does nothing if there is none (any more).
     *
     * @param holder its id
     * @return completes empty once it is over, and that is on disk if the holder was
     * @throws IllegalArgumentException if the id belongs to the engine, whose uses end with their work
     */
    Mono<Void> release(String nameOrId, String holder);

    /**
     * Where the host sees what a plugin has at a path of its own, such as a volume's mount point. Links are followed as they
     * lead inside, but for those in what the plugin has mounted below its propagated mount, which is not looked at: it may hang.
     * There may be nothing. What a {@link dev.patchbay.oci.SpecAddition} shows inside is not looked at. What a
     * legacy plugin has, the host has.
     *
     * <p><b>Not safe to act on by name alone:</b> a plugin can change its own folders at any time, and put a link to anywhere
     * where there was a folder a moment ago. Who opens what is there, with rights that the plugin does not have, must make
     * sure that no link leads it out, as by {@code openat2} with {@code RESOLVE_IN_ROOT}, or leave it to the kernel to mount.
     *
     * <p><b>Threads:</b> {@code plugin-reply}. What hangs on the way to a path holds up only those who ask for the same path, or, if it
     * is much, for paths of the same plugin.
     *
     * @return fails with {@link InvalidRequestException} if that is no absolute path, or has {@code ..} in it, or if the host does
     *     not see what is there, as below a {@code tmpfs} of the plugin; with {@link PluginStorageException} if looking takes
     *     too long
     */
    Mono<Path> onHost(String nameOrId, String inside);

    /**
     * All plugins, with the place in the events that they are the result of. <b>Cold</b>, one snapshot per subscription.
     *
     * <pre>{@code
     * Flux<EventSignal> later = plugins.snapshot().flatMapMany(now -> {
     *     show(now.plugins());
     *     return plugins.events(Subscription.after(now.asOf()));
     * });
     * }</pre>
     *
     * @return completes when every event that the plugins show was told; on a thread that must not be blocked. Fails with
     *     {@link EngineBusyException} if too many wait for that already, as while the event journal hangs
     */
    Mono<PluginSnapshot> snapshot();

    /**
     * What happened and happens, from some place on, in the order it was stored. <b>Cold</b>: each subscription is a view
     * of its own, which begins then. <b>Back-pressure:</b> honours demand; a view that is slower than what happens reads
     * the journal until it has caught up, and costs nobody else anything. What the journal no longer has by then is
     * announced as a {@link EventSignal.Gap}. <b>Threads:</b> {@code plugin-reply}, which must not be blocked.
     * <b>Cancelling</b> ends the view at once. Completes when the engine closes, after what the view has at hand.
     *
     * @return {@link EventSignal.Subscribed} first, and then, for every event after its place that passes the filter,
     *     {@link EventSignal.Happened}, once, unless it is in a gap
     */
    Flux<EventSignal> events(Subscription subscription);

    /**
     * What happens from now on, and nothing else. As {@link #events(Subscription)}; a gap shows in the numbers only, which
     * have none otherwise.
     */
    default Flux<PluginEvent> events() {
        return events(Subscription.NOW).ofType(EventSignal.Happened.class).map(EventSignal.Happened::event);
    }

    /** All events, for who makes views that serve many subscribers. */
    EventLog eventLog();

    /**
     * The place of the newest event, {@code seq} 0 before the first. Whoever subscribes to {@link #events()} and reads this
     * afterwards will see every event with a greater number. Never blocks.
     */
    default Cursor head() {
        return eventLog().bounds().newest();
    }

    /**
     * What a plugin wrote to its output, oldest line first, over restarts. <b>Cold</b>; honours demand; follows until
     * cancelled, or until the engine is closed, if the query says so.
     */
    Flux<LogLine> logs(String nameOrId, LogQuery query);

    /**
     * Puts among the events what a host did and must account for: nothing happens to any plugin. A command like others.
     *
     * @param type one of {@link EventType#OF_HOSTS}
     * @param attributes as its documentation says
     * @return completes empty when the event can be read
     * @throws IllegalArgumentException if the engine alone tells of such things
     */
    Mono<Void> note(EventType type, Map<String, String> attributes);

    /** Whether the engine lives and is ready, and if not, why. */
    Health health();

    /**
     * Stops all plugins side by side and releases everything. What is enabled stays enabled. With live restore plugins
     * that run are left alone instead, and only what is half started is stopped. Idempotent.
     *
     * @return completes empty when nothing runs that should not, no change is on its way to disk, and all is released.
     *     Plugins get the shutdown timeout of the
     *     configuration, store and executor 10 s each after it; whoever still waits for a command then fails with
     *     {@link EngineClosedException}. Fails with {@link UncleanCloseException}, when all is released, if a container
     *     outlived KILL or the timeout passed
     */
    Mono<Void> close();
}
