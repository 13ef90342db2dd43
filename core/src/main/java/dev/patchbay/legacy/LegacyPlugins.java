package dev.patchbay.legacy;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.LegacyPlugin;
import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.client.GenerationClient;
import dev.patchbay.client.PluginEndpoint;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.text.Quoted;
import dev.patchbay.use.Holder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The legacy plugins of this machine: found, asked what they implement, and had by name. Nobody starts, stops or holds them
 * here; who uses one is counted, so that it can be shown.
 *
 * <p>What is known changes under a lock that nobody keeps for long; whoever asks reads a value.
 */
public final class LegacyPlugins {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyPlugins.class);

    private static final int MOST_HOLDERS = 4096;

    private final Outside outside;
    private final Optional<Finder> finder;
    private final Map<String, Contact> contacts = new HashMap<>(); // guarded by this
    private final Sinks.Many<Boolean> changes = Sinks.many().multicast().directBestEffort(); // guarded by this
    private volatile Roster roster = Roster.EMPTY;
    private volatile List<String> problems = List.of();
    private boolean closed; // guarded by this

    /**
     * What they need.
     *
     * @param looks where files are looked at; may block, and hang
     * @param timers where pauses end
     * @param replies where whoever waits is told
     * @param connect makes a client of one; nothing, when it is too late for that
     */
    public record Outside(Scheduler looks, Scheduler timers, Scheduler replies,
            Function<PluginEndpoint, Optional<GenerationClient>> connect) {}

    /** Finds nothing yet, and never anything if there are no folders. */
    public LegacyPlugins(Optional<LegacyFolders> folders, Outside outside) {
        this.outside = outside;
        this.finder = folders.map(where -> new Finder(where, outside, this::found));
    }

    /** Begins to look for them. Waits for nothing. */
    public void begin() {
        finder.ifPresent(Finder::begin);
    }

    /** All that are known, by name. */
    public List<LegacyPlugin> all() {
        return roster.plugins();
    }

    /** Those that can do something, by name. */
    public List<LegacyPlugin> providing(InterfaceType asked) {
        return roster.isEmpty()
                ? List.of()
                : all().stream().filter(plugin -> plugin.provides(asked)).toList();
    }

    /** That something may have changed, once for all that happened meanwhile; completes in the end. */
    public Flux<Boolean> changes() {
        return changes.asFlux().onBackpressureLatest().publishOn(outside.replies(), 1);
    }

    /** What an operator should know. */
    public List<String> notices() {
        return Stream.concat(problems.stream(),
                all().stream()
                        .filter(plugin -> plugin.state() instanceof State.Failing)
                        .map(plugin -> failing(plugin, plugin.lastError().orElse(""))))
                .toList();
    }

    private static String failing(LegacyPlugin plugin, String error) {
        return "legacy plugin " + plugin.name() + " (" + plugin.file() + ") cannot be used: " + error;
    }

    /**
     * One of them, once it has said what it implements. One that is not known, or could not be used, is looked for once more
     * before that is said, since its file may be younger than the news of it: that takes a look, not a pause (in moby 15 s, D72).
     *
     * @return fails with {@link PluginNotFoundException}, {@link PluginUnavailableException} if it does not answer or its file
     *     makes no sense, {@link PluginConflictException} if it cannot do that
     */
    public Mono<PluginUse> lookUp(String name, InterfaceType asked) {
        return Mono.defer(() -> roster.find(name)
                .filter(known -> !(known.plugin().state() instanceof State.Unusable))
                .map(known -> ready(known, asked))
                .orElseGet(() -> looked().then(Mono.defer(() -> roster.find(name)
                        .map(known -> ready(known, asked))
                        .orElseGet(() -> Mono.error(new PluginNotFoundException(name)))))));
    }

    /** When all was looked at once more, or when that takes too long. */
    private Mono<Void> looked() {
        return finder.map(Finder::looked).orElseGet(Mono::empty);
    }

    private Mono<PluginUse> ready(Roster.Entry entry, InterfaceType asked) {
        LegacyPlugin plugin = entry.plugin();
        return switch (plugin.state()) {
            case State.Active _ -> Mono.fromSupplier(() -> use(entry, asked));
            case State.Unusable(String error) -> Mono.error(unavailable(plugin, error));
            case State.Activating _,State.Failing _ -> contact(entry)
                    .map(contact -> contact.now(plugin.state()))
                    .orElseGet(Mono::empty)
                    .onErrorMap(PluginCallException.class,
                            e -> unavailable(plugin, String.valueOf(e.getMessage())))
                    .then(Mono.fromSupplier(() -> use(roster.find(plugin.name())
                            .orElseThrow(() -> new PluginNotFoundException(plugin.name())), asked)));
        };
    }

    private static PluginUnavailableException unavailable(LegacyPlugin plugin, String error) {
        return new PluginUnavailableException(plugin.name(), failing(plugin, error));
    }

    private PluginUse use(Roster.Entry entry, InterfaceType asked) {
        LegacyPlugin plugin = entry.plugin();
        if (!plugin.provides(asked)) {
            if (!(plugin.state() instanceof State.Active)) {
                throw unavailable(plugin, "it has changed at this very moment");
            }
            throw new PluginConflictException(plugin.name(), Kind.LACKS_CAPABILITY,
                    "legacy plugin " + plugin.name() + " does not implement the requested driver: plugin=\""
                            + plugin.name() + "\", requested implementation=\"" + asked.asked() + "\"");
        }
        return contact(entry)
                .map(contact -> new PluginUse(Optional.empty(), plugin.name(), asked, entry.start(),
                        contact.client()))
                .orElseThrow(() -> unavailable(plugin, "it is gone"));
    }

    private synchronized Optional<Contact> contact(Roster.Entry entry) {
        return roster.find(entry.plugin().name())
                .filter(now -> now.start() == entry.start())
                .flatMap(_ -> Optional.ofNullable(contacts.get(entry.plugin().name())));
    }

    /**
     * One of them as for {@link #lookUp}, noted as in use. Asked again by the same holder, it counts once.
     *
     * @return fails as that does, with {@link PluginConflictException} if the holder is durable, since nothing of a legacy plugin
     *     outlasts the engine, and with {@link PluginUnavailableException} if far too many use it, so that who forgets to let
     *     go is found
     */
    public Mono<PluginUse> acquire(String name, InterfaceType asked, Holder holder) {
        return lookUp(name, asked).map(use -> {
            if (holder.durable()) {
                throw new PluginConflictException(name, Kind.LACKS_CAPABILITY, "legacy plugin " + name
                        + " cannot be held durably: nobody holds it over a restart; ask without \"durable\"");
            }
            hold(name, holder);
            return use;
        });
    }

    private synchronized void hold(String name, Holder holder) {
        roster.find(name)
                .map(entry -> entry.plugin().inUseBy())
                .filter(holders -> holders.size() >= MOST_HOLDERS && holders.find(holder.id()).isEmpty())
                .ifPresent(_ -> {
                    throw new PluginUnavailableException(name, "legacy plugin " + name
                            + " has too many users: " + MOST_HOLDERS + " hold it");
                });
        roster = roster.held(name, holder);
    }

    /** Notes that somebody does not use it any more. @throws PluginNotFoundException if there is no such plugin */
    public void release(String name, String holder) {
        if (roster.find(name).isEmpty()) {
            throw new PluginNotFoundException(name);
        }
        letGo(name, holder);
    }

    /** The same, also if it is gone. */
    public synchronized void letGo(String name, String holder) {
        roster = roster.released(name, holder);
    }

    /**
     * Where the host sees what a plugin has at a path: there, since it has no root of its own.
     *
     * @throws PluginNotFoundException if there is no such plugin
     * @throws InvalidRequestException if that is no absolute path, or has {@code ..} in it
     */
    public Path onHost(String name, String path) {
        if (roster.find(name).isEmpty()) {
            throw new PluginNotFoundException(name);
        }
        try {
            Path plain = Path.of(path);
            if (plain.isAbsolute() && plain.equals(plain.normalize())) {
                return plain;
            }
        } catch (InvalidPathException _) {
            // It is said below.
        }
        throw new InvalidRequestException("a path of a plugin is absolute and has no \"..\" in it, unlike \""
                + Quoted.shortened(path) + "\"", null);
    }

    /** After a look. */
    private void found(Map<String, Sighting> sightings, List<String> told) {
        told.stream().filter(problem -> !problems.contains(problem)).forEach(LOG::warn);
        problems = told;
        synchronized (this) {
            Roster before = roster;
            roster = closed ? Roster.EMPTY : before.found(sightings);
            before.without(roster).forEach(this::end);
            roster.without(before).forEach(this::begin);
            tell();
        }
    }

    private void end(Roster.Entry entry) {
        Contact contact = contacts.remove(entry.plugin().name());
        if (contact != null) {
            LOG.info("legacy plugin {} at {} is gone, or another one", entry.plugin().name(),
                    contact.client().address());
            contact.end();
        }
    }

    private void begin(Roster.Entry entry) {
        String name = entry.plugin().name();
        entry.plugin()
                .address()
                .flatMap(address -> outside.connect()
                        .apply(new PluginEndpoint(name, entry.start(), address, "")))
                .ifPresent(client -> {
                    var contact = new Contact(client, state -> told(name, entry.start(), state),
                            outside);
                    contacts.put(name, contact);
                    contact.begin();
                });
    }

    private synchronized void told(String name, int start, State state) {
        Optional<LegacyPlugin> before = roster.find(name)
                .filter(entry -> entry.start() == start)
                .map(Roster.Entry::plugin);
        if (before.isPresent() && !before.get().state().equals(state)) {
            log(before.get(), state);
            roster = roster.told(name, start, state);
            tell();
        }
    }

    private static void log(LegacyPlugin before, State state) {
        switch (state) {
            case State.Active(var subsystems) ->
                LOG.info("legacy plugin {} ({}) implements {}", before.name(), before.file(), subsystems);
            case State.Failing(String error) -> {
                if (!(before.state() instanceof State.Failing)) {
                    LOG.warn("{}", failing(before, error));
                }
            }
            case State.Activating _,State.Unusable _ -> {
            }
        }
    }

    /** With the lock: one at a time. */
    private void tell() {
        switch (changes.tryEmitNext(true)) {
            case OK, FAIL_ZERO_SUBSCRIBER, FAIL_TERMINATED, FAIL_CANCELLED, FAIL_OVERFLOW -> {
                // Heard; or nobody is left to hear, or somebody has not asked for it, and will compare later.
            }
            case FAIL_NON_SERIALIZED -> throw new IllegalStateException("two threads tell at a time");
        }
    }

    /** Ends the looking, and all clients. */
    public Mono<Void> close() {
        return Mono.defer(() -> finder.map(Finder::close).orElseGet(Mono::empty))
                .then(Mono.fromRunnable(this::endAll));
    }

    private synchronized void endAll() {
        closed = true;
        contacts.values().forEach(Contact::end);
        contacts.clear();
        roster = Roster.EMPTY;
        var _ = changes.tryEmitComplete(); // once
    }
}
