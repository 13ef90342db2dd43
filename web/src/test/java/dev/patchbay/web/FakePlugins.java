package dev.patchbay.web;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.Force;
import dev.patchbay.Health;
import dev.patchbay.InstallRequest;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginSnapshot;
import dev.patchbay.PluginView;
import dev.patchbay.PrivilegesException;
import dev.patchbay.PullProgress;
import dev.patchbay.PushProgress;
import dev.patchbay.Status;
import dev.patchbay.UnaskedPlugins;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.event.Actor;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Happening;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.LayerProgress.Phase;
import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.InvalidSettingException;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.plugin.Privileges;
import dev.patchbay.plugin.Settings;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidReferenceException;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.use.Holder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A plugin engine in memory that starts nothing. Answers as the real one does, at once, on the calling thread. */
public final class FakePlugins extends UnaskedPlugins {
    /** When everything happens. */
    public static final Instant NOW = Instant.parse("2026-11-23T21:00:00.123456789Z");

    private final SortedMap<String, PluginView> byName = new TreeMap<>(); // guarded by this
    private final EventRecorder events;
    private final RandomGenerator random = new Random(7);
    private Duration lastTimeout = Duration.ZERO;
    private final FakeRemote remote = new FakeRemote();
    private Optional<Flux<PullProgress>> pulling = Optional.empty();
    private Flux<PushProgress> pushing = Flux.empty();

    /** One whose journal keeps as much as an embedded engine's. */
    public FakePlugins() {
        this(Recorders.immediate());
    }

    /** One with events of its own. */
    public FakePlugins(EventRecorder events) {
        this.events = events;
    }

    /** Puts a plugin in, as it is. */
    public synchronized FakePlugins with(PluginView view) {
        byName.put(view.plugin().name().familiar(), view);
        return this;
    }

    /** The timeout of the last enable. */
    public synchronized Duration lastTimeout() {
        return lastTimeout;
    }

    /** Makes a plugin with a config known to the fake registry. */
    public FakePlugins published(String name, String config) {
        remote.publish(name, config);
        return this;
    }

    /** What installs and upgrades tell from now on, without doing anything. */
    public synchronized void pulling(Flux<PullProgress> steps) {
        pulling = Optional.of(steps);
    }

    /** What pushes tell from now on. */
    public synchronized void pushing(Flux<PushProgress> steps) {
        pushing = steps;
    }

    /** On whose behalf the registry was last talked to. */
    public RegistryAccess lastAccess() {
        return remote.lastAccess();
    }

    @Override
    public Mono<List<Privilege>> privileges(Reference asked, RegistryAccess access) {
        return Mono.fromCallable(() -> Privileges.of(remote.fetch(asked, access)));
    }

    @Override
    public Flux<PullProgress> install(InstallRequest request) {
        return Flux.defer(() -> {
            PluginName name = request.alias().orElseGet(() -> PluginName.of(request.remote()));
            requireFree(name);
            return pull(request.remote(), request.granted(), remote.fetch(request.remote(), request.access()),
                    config -> with(name, new PluginId("e".repeat(64)), request.remote(), config));
        });
    }

    @Override
    public Flux<PullProgress> upgrade(String nameOrId, UpgradeRequest request) {
        return Flux.defer(() -> {
            InstalledPlugin old = find(nameOrId).plugin();
            if (old.enabled()) {
                throw conflict(nameOrId, Kind.ENABLED,
                        "plugin must be disabled before upgrading: plugin " + old.name() + " is enabled");
            }
            return pull(request.remote(), request.granted(), remote.fetch(request.remote(), request.access()),
                    config -> with(old.name(), old.id(), request.remote(), config));
        });
    }

    private Flux<PullProgress> pull(Reference image, List<Privilege> granted, PluginConfig config,
            Function<PluginConfig, PullProgress> done) {
        if (pulling.isPresent()) {
            return pulling.get();
        }
        List<Privilege> asked = Privileges.of(config);
        if (!Privileges.matches(asked, granted)) {
            return Flux.error(new PrivilegesException(asked, "incorrect privileges"));
        }
        Digest layer = Digest.sha256(new byte[]{1});
        return Flux.<PullProgress>just(
                new PullProgress.Resolved(image.withDefaultTag(), Digest.sha256(new byte[0])),
                new PullProgress.Layer(new LayerProgress(layer, Phase.DOWNLOADING, 5, 10)),
                new PullProgress.Layer(new LayerProgress(layer, Phase.COMPLETE, 10, 10)))
                .concatWith(Mono.fromSupplier(() -> done.apply(config)));
    }

    private PullProgress with(PluginName name, PluginId id, Reference image, PluginConfig config) {
        var plugin = new InstalledPlugin(config, false, id, name, image.withDefaultTag().full(),
                Settings.initial(config));
        with(new PluginView(plugin, status(Status.State.STOPPED)));
        publish(EventType.PULL, plugin);
        return new PullProgress.Done(id);
    }

    @Override
    public Flux<PushProgress> push(String nameOrId, RegistryAccess access) {
        return Flux.defer(() -> {
            find(nameOrId);
            remote.reach(access);
            synchronized (this) {
                return pushing;
            }
        });
    }

    @Override
    public Mono<PluginId> create(String name, Publisher<ByteBuffer> context) {
        return Mono.defer(() -> {
            PluginName parsed = parse(name);
            requireFree(parsed);
            return Flux.from(context)
                    .reduceWith(ByteArrayOutputStream::new, FakePlugins::append)
                    .map(bytes -> install(parsed, bytes.toByteArray()));
        });
    }

    private static ByteArrayOutputStream append(ByteArrayOutputStream all, ByteBuffer chunk) {
        all.write(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
        return all;
    }

    private synchronized PluginId install(PluginName name, byte[] tar) {
        requireFree(name);
        var config = config(tar);
        var id = PluginId.random(random);
        var plugin = new InstalledPlugin(config.config(), false, id, name, name.familiar(),
                Settings.initial(config.config()));
        byName.put(name.familiar(), new PluginView(plugin, status(Status.State.STOPPED)));
        publish(EventType.CREATE, plugin);
        return id;
    }

    private static CheckedConfig config(byte[] tar) {
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals("config.json")) {
                    return CheckedConfig.parse(in.readAllBytes());
                }
            }
        } catch (InvalidPluginConfigException e) {
            throw new InvalidRequestException("failed to parse config: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new InvalidRequestException("config not found", null);
    }

    private static PluginName parse(String name) {
        try {
            return PluginName.parse(name);
        } catch (InvalidReferenceException e) {
            throw new InvalidRequestException("failed to parse reference " + name + ": " + e.getMessage(), e);
        }
    }

    private synchronized void requireFree(PluginName name) {
        if (byName.containsKey(name.familiar())) {
            throw conflict(name.familiar(), Kind.EXISTS, "plugin " + name.familiar() + " already exists");
        }
    }

    private static PluginConflictException conflict(String name, Kind kind, String message) {
        return new PluginConflictException(name, kind, message);
    }

    @Override
    public Mono<Void> release(String nameOrId, String holder) {
        return Mono.fromRunnable(() -> find(nameOrId));
    }

    @Override
    public Mono<Void> set(String nameOrId, List<String> assignments) {
        return Mono.fromRunnable(() -> {
            PluginView view = find(nameOrId);
            InstalledPlugin plugin = view.plugin();
            if (plugin.enabled()) {
                throw conflict(nameOrId, Kind.ENABLED, "plugin " + plugin.name() + " is enabled");
            }
            try {
                var changed = plugin.withSettings(plugin.settings().apply(plugin.config(), assignments));
                with(new PluginView(changed, view.status()));
                publish(EventType.SET, changed);
            } catch (InvalidSettingException e) {
                throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
            }
        });
    }

    @Override
    public Mono<Void> enable(String nameOrId, Duration startTimeout) {
        return Mono.fromRunnable(() -> {
            InstalledPlugin plugin = find(nameOrId).plugin();
            synchronized (this) {
                lastTimeout = startTimeout;
            }
            if (plugin.enabled()) {
                throw conflict(nameOrId, Kind.ENABLED,
                        "plugin already enabled: plugin " + plugin.name() + " is enabled");
            }
            with(new PluginView(plugin.withEnabled(true), status(Status.State.RUNNING)));
            publish(EventType.ENABLE, plugin);
        });
    }

    @Override
    public Mono<List<Holder>> disable(String nameOrId, Force force) {
        return Mono.fromSupplier(() -> {
            InstalledPlugin plugin = find(nameOrId).plugin();
            if (!plugin.enabled()) {
                throw conflict(nameOrId, Kind.DISABLED,
                        "plugin is already disabled: plugin " + plugin.name() + " found but disabled");
            }
            with(new PluginView(plugin.withEnabled(false), status(Status.State.STOPPED)));
            publish(EventType.DISABLE, plugin);
            return List.of();
        });
    }

    @Override
    public Mono<List<Holder>> remove(String nameOrId, Force force) {
        return Mono.fromSupplier(() -> {
            InstalledPlugin plugin = find(nameOrId).plugin();
            if (plugin.enabled() && force == Force.NO) {
                throw conflict(nameOrId, Kind.ENABLED, "plugin " + plugin.name() + " is enabled");
            }
            synchronized (this) {
                byName.remove(plugin.name().familiar());
            }
            publish(EventType.REMOVE, plugin);
            return List.of();
        });
    }

    @Override
    public Mono<PluginView> inspect(String nameOrId) {
        return Mono.fromSupplier(() -> find(nameOrId));
    }

    @Override
    public Flux<PluginView> list(PluginFilter filter) {
        return Flux.defer(() -> Flux.fromIterable(installed()).filter(view -> filter.test(view.plugin())));
    }

    private synchronized List<PluginView> installed() {
        return List.copyOf(byName.values());
    }

    private synchronized PluginView find(String nameOrId) {
        Optional<PluginView> named = PluginName.find(nameOrId)
                .flatMap(name -> Optional.ofNullable(byName.get(name.familiar())));
        if (named.isPresent()) {
            return named.get();
        }
        List<PluginView> fitting = byName.values()
                .stream()
                .filter(view -> !nameOrId.isEmpty() && view.plugin().id().startsWith(nameOrId))
                .toList();
        if (fitting.size() > 1) {
            throw new AmbiguousPluginException(nameOrId);
        }
        return fitting.stream().findFirst().orElseThrow(() -> new PluginNotFoundException(nameOrId));
    }

    @Override
    public Flux<EventSignal> events(Subscription subscription) {
        return events.view(subscription);
    }

    @Override
    public EventLog eventLog() {
        return events.log();
    }

    @Override
    public Mono<PluginSnapshot> snapshot() {
        return list(PluginFilter.ALL).collectList().map(all -> new PluginSnapshot(head(), all));
    }

    private synchronized void publish(EventType type, InstalledPlugin plugin) {
        var event = new Happening(NOW, type, Optional.of(plugin.id()), plugin.name().familiar(),
                plugin.config().api().types().items(), 1, Actor.ENGINE, Map.of());
        events.tell(List.of(event), _ -> {});
    }

    private static Status status(Status.State state) {
        return new Status(state, NOW, 1, 0, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }

    @Override
    public Flux<LogLine> logs(String nameOrId, LogQuery query) {
        return Flux.error(new NoSuchElementException("the fake keeps no logs"));
    }

    @Override
    public Health health() {
        return new Health(true, true, List.of());
    }

    @Override
    public Mono<Void> close() {
        return events.close();
    }
}
