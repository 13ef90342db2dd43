package dev.patchbay.web.daemon;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.event.Retention;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.TlsFiles;
import dev.patchbay.web.v1.NativeConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that the daemon was told, judged and completed. What needs a look at the machine (does the group exist, is the
 * root free) is judged at the start.
 *
 * @param pluginLimits what plugins may use and do
 * @param stopping what a clean stop does
 */
record Configuration(
        Folders folders,
        Listening listening,
        Authorizing authorizing,
        Runtimes runtimes,
        Registries registries,
        Legacy legacy,
        Limits limits,
        PluginLimiting pluginLimits,
        Events events,
        Logging logging,
        Optional<Path> pidfile,
        Stopping stopping) {
    static final String DEFAULT_ROOT = "/var/lib/patchbay/plugins";
    static final String DEFAULT_EXEC_ROOT = "/run/patchbay/plugins";
    static final String DEFAULT_HOST = "unix:///run/patchbay/patchbay.sock";
    static final String DEFAULT_RUNTIME = "runc";
    static final String DEFAULT_CONFIG_FILE = "/etc/patchbay/daemon.json";
    /** A plugin gets 10 s before and 10 s after it is killed; the rest is for clean-up. */
    static final Duration DEFAULT_SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);
    static final Duration MAX_SHUTDOWN_TIMEOUT = Duration.ofHours(1);

    /** Runtimes that need no {@code --add-runtime}: looked for in PATH. */
    private static final Map<String, OciRuntime> KNOWN_RUNTIMES = Map.of(
            "runc",
            new OciRuntime("runc", List.of()),
            "crun",
            new OciRuntime("crun", List.of()));

    /** What survives and what does not. */
    record Folders(Path root, Path execRoot) {}

    /**
     * Where to listen, whether TCP may be open to others without certificates, where its tokens are, and where metrics are
     * served besides.
     */
    record Listening(List<ListenAddress> addresses, boolean unauthenticatedTcp, Optional<Path> tokenFile,
            Optional<ListenAddress> metrics) {
        /** Copies the addresses. */
        Listening {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Who must agree to requests.
     *
     * @param plugins names of those that must be there, in order
     * @param rootRecovery whether root may get rid of plugins whatever they say
     */
    record Authorizing(List<String> plugins, boolean rootRecovery) {
        /** Copies the names. */
        Authorizing {
            plugins = List.copyOf(plugins);
        }
    }

    /** The runtimes by name, the name of the one that is used, and conmon if it is not where programs usually are. */
    record Runtimes(String used, Map<String, OciRuntime> byName, Optional<Path> conmon) {
        /** Copies the map. */
        Runtimes {
            byName = Map.copyOf(byName);
        }
    }

    /** How much may be asked of the daemon. */
    record Limits(int concurrentStarts, int downloads, ArchiveLimits contexts) {}

    /**
     * What a clean stop does.
     *
     * @param timeout how long it may take
     * @param liveRestore whether plugins run on
     */
    record Stopping(Duration timeout, boolean liveRestore) {}

    /** What is logged and how. */
    record Logging(LogLevel level, LogFormat format) {}

    /** What is logged at least. */
    enum LogLevel {
        DEBUG, INFO, WARN, ERROR
    }

    /** How a log line looks. */
    enum LogFormat {
        TEXT, JSON
    }

    /**
     * Judges and completes what was given.
     *
     * @throws UsageException for the first thing that is wrong
     */
    static Configuration of(Given given) {
        var folders = new Folders(
                folder(given, Setting.ROOT, DEFAULT_ROOT),
                folder(given, Setting.EXEC_ROOT, DEFAULT_EXEC_ROOT));
        SocketPaths.checkExecRoot(folders.execRoot());
        if (folders.root().equals(folders.execRoot())) {
            throw UsageException.configuration(
                    "root and exec-root are both " + folders.root()
                            + "; what survives a reboot must live apart");
        }
        return new Configuration(
                folders,
                listening(given),
                new Authorizing(given.all(Setting.AUTHORIZATION_PLUGIN),
                        given.isOn(Setting.AUTHZ_ROOT_RECOVERY)),
                runtimes(given),
                Registries.of(given),
                Legacy.of(given, path(given, Setting.LEGACY_PLUGIN_SOCKETS),
                        given.all(Setting.LEGACY_PLUGIN_SPECS)
                                .stream()
                                .map(text -> absolute(Setting.LEGACY_PLUGIN_SPECS, text))
                                .toList()),
                limits(given),
                PluginLimiting.of(given),
                events(given),
                new Logging(
                        word(given, Setting.LOG_LEVEL, LogLevel.class).orElse(LogLevel.INFO),
                        word(given, Setting.LOG_FORMAT, LogFormat.class).orElse(LogFormat.TEXT)),
                path(given, Setting.PIDFILE),
                stopping(given));
    }

    private static Stopping stopping(Given given) {
        long seconds = number(
                given,
                Setting.SHUTDOWN_TIMEOUT,
                MAX_SHUTDOWN_TIMEOUT.toSeconds(),
                DEFAULT_SHUTDOWN_TIMEOUT.toSeconds());
        return new Stopping(Duration.ofSeconds(seconds), given.isOn(Setting.LIVE_RESTORE));
    }

    private static Listening listening(Given given) {
        List<String> texts = given.all(Setting.HOST).isEmpty()
                ? List.of(DEFAULT_HOST)
                : given.all(Setting.HOST);
        Optional<TlsFiles> tls = tls(given);
        var hosts = new Hosts(given.one(Setting.GROUP), tls);
        List<ListenAddress> addresses = texts.stream().map(hosts::parse).toList();
        if (addresses.size() > 1 && Set.copyOf(addresses).size() < addresses.size()) {
            throw UsageException.configuration("the same host is given twice: " + String.join(", ", texts));
        }
        boolean unauthenticated = given.isOn(Setting.ALLOW_UNAUTHENTICATED_TCP);
        for (ListenAddress address : addresses) {
            if (tls.isEmpty() && !unauthenticated && Hosts.isOpenToOthers(address)) {
                throw UsageException.configuration(
                        address + " can be reached from other machines, and whoever reaches it becomes root on this"
                                + " one; give --tlsverify with --tlscacert, --tlscert and --tlskey, or accept that with "
                                + Setting.ALLOW_UNAUTHENTICATED_TCP.flag());
            }
        }
        return new Listening(addresses, unauthenticated, path(given, Setting.AUTH_TOKEN_FILE),
                metrics(given));
    }

    private static Optional<ListenAddress> metrics(Given given) {
        return given.one(Setting.METRICS_ADDR).map(text -> {
            ListenAddress address = new Hosts(Optional.empty(), Optional.empty()).parse("tcp://" + text);
            if (Hosts.isOpenToOthers(address)) {
                throw UsageException
                        .configuration("metrics-addr must be an address of loopback, such as 127.0.0.1:9323,"
                                + " not " + text + ": it is served to whoever connects");
            }
            return address;
        });
    }

    private static Optional<TlsFiles> tls(Given given) {
        Optional<Path> authorities = path(given, Setting.TLSCACERT);
        Optional<Path> certificate = path(given, Setting.TLSCERT);
        Optional<Path> key = path(given, Setting.TLSKEY);
        boolean some = authorities.isPresent() || certificate.isPresent() || key.isPresent();
        boolean all = authorities.isPresent() && certificate.isPresent() && key.isPresent();
        if (!given.isOn(Setting.TLSVERIFY)) {
            if (some) {
                throw UsageException.configuration(
                        "--tlscacert, --tlscert and --tlskey do nothing without --tlsverify; add it or remove them");
            }
            return Optional.empty();
        }
        if (!all) {
            throw UsageException
                    .configuration("--tlsverify needs all of --tlscacert, --tlscert and --tlskey");
        }
        return Optional
                .of(new TlsFiles(authorities.orElseThrow(), certificate.orElseThrow(), key.orElseThrow()));
    }

    private static Runtimes runtimes(Given given) {
        Map<String, OciRuntime> byName = new TreeMap<>(KNOWN_RUNTIMES);
        byName.putAll(given.runtimes());
        String used = given.one(Setting.DEFAULT_RUNTIME).orElse(DEFAULT_RUNTIME);
        if (!byName.containsKey(used)) {
            throw UsageException.configuration(
                    "default-runtime \"" + used + "\" is not known, only "
                            + String.join(", ", byName.keySet())
                            + "; add it with --add-runtime " + used + "=PATH");
        }
        return new Runtimes(used, byName, path(given, Setting.CONMON));
    }

    private static Limits limits(Given given) {
        ArchiveLimits contexts = ArchiveLimits.DEFAULT;
        long size = number(given, Setting.MAX_CONTEXT_SIZE, 1L << 50, contexts.maxExpandedBytes());
        return new Limits(
                (int) number(
                        given,
                        Setting.MAX_CONCURRENT_STARTS,
                        1024,
                        Runtime.getRuntime().availableProcessors()),
                (int) number(given, Setting.MAX_CONCURRENT_DOWNLOADS, 64, StoreConfig.DEFAULT_DOWNLOADS),
                contexts.withMaxEntries(
                        number(given, Setting.MAX_CONTEXT_ENTRIES, 1L << 40, contexts.maxEntries()))
                        .withMaxPathBytes(
                                (int) number(
                                        given,
                                        Setting.MAX_CONTEXT_PATH,
                                        ArchiveLimits.DEFAULT_MAX_PATH_BYTES,
                                        contexts.maxPathBytes()))
                        .withMaxExpandedBytes(size)
                        .withMaxFileBytes(Math.min(size, contexts.maxFileBytes())));
    }

    private static Events events(Given given) {
        Retention usual = Retention.USUAL;
        long bytes = number(given, Setting.EVENT_MAX_SIZE, 1L << 50, usual.maxBytes());
        if (bytes < Retention.LEAST_BYTES) {
            throw UsageException.configuration(Setting.EVENT_MAX_SIZE.title() + " must be at least "
                    + Retention.LEAST_BYTES + ", not " + bytes);
        }
        return new Events(
                word(given, Setting.EVENT_DURABILITY, Events.Keeping.class).orElse(Events.Keeping.BATCH),
                new Retention(
                        number(given, Setting.EVENT_MAX_COUNT, 1L << 40, usual.maxEvents()),
                        Duration.ofHours(
                                number(given, Setting.EVENT_MAX_AGE, 1_000_000, usual.maxAge().toHours())),
                        bytes),
                Duration.ofSeconds(
                        number(given, Setting.EVENT_HEARTBEAT, 3600, NativeConfig.HEARTBEAT.toSeconds())),
                Duration.ofSeconds(
                        number(given, Setting.EVENT_SLOW_TIMEOUT, 3600,
                                NativeConfig.SLOW_TIMEOUT.toSeconds())));
    }

    private static long number(Given given, Setting setting, long most, long byDefault) {
        return given.one(setting).map(text -> {
            if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < 1 || Long.parseLong(text) > most) {
                throw UsageException.configuration(
                        setting.title() + " must be a number of " + setting.label().toLowerCase(Locale.ROOT)
                                + " from 1 to " + most + ", not \"" + text + "\"");
            }
            return Long.parseLong(text);
        }).orElse(byDefault);
    }

    private static Path folder(Given given, Setting setting, String byDefault) {
        return path(given, setting).orElseGet(() -> Path.of(byDefault));
    }

    private static Optional<Path> path(Given given, Setting setting) {
        return given.one(setting).map(text -> absolute(setting, text));
    }

    private static Path absolute(Setting setting, String text) {
        try {
            if (text.startsWith("/")) {
                return Path.of(text).normalize();
            }
            throw UsageException.configuration(
                    setting.title() + " must be an absolute path, not \"" + text + "\"");
        } catch (InvalidPathException e) {
            throw UsageException.configuration(setting.title() + " is not a path: " + e.getReason());
        }
    }

    private static <E extends Enum<E>> Optional<E> word(Given given, Setting setting, Class<E> type) {
        return given.one(setting).map(text -> {
            for (E value : type.getEnumConstants()) {
                if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return value;
                }
            }
            throw UsageException.configuration(
                    setting.title() + " must be one of " + words(type) + ", not \"" + text + "\"");
        });
    }

    private static <E extends Enum<E>> String words(Class<E> type) {
        return String.join(
                ", ",
                List.of(type.getEnumConstants())
                        .stream()
                        .map(e -> e.name().toLowerCase(Locale.ROOT))
                        .toList());
    }
}
