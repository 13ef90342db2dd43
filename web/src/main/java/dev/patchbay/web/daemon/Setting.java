package dev.patchbay.web.daemon;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.event.Retention;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.store.StoreConfig;
import dev.patchbay.web.v1.NativeConfig;
import java.util.List;
import java.util.Optional;

/**
 * A setting of the daemon. Flags, help and keys of the configuration file are all made from this one table, so that they
 * cannot disagree. Names are dockerd's where the meaning is (dockerd(8)).
 */
enum Setting {
    /** What survives a reboot. */
    ROOT(
            "--root", "root", Shape.ONE, "DIR",
            "Where plugins are kept; survives reboots. Default: "
                    + Configuration.DEFAULT_ROOT),
    /** What does not. */
    EXEC_ROOT(
            "--exec-root", "exec-root", Shape.ONE, "DIR",
            "Where sockets and runtime files of running plugins live; lost at reboot, at most "
                    + SocketPaths.MAX_EXEC_ROOT_BYTES
                    + " bytes long. Default: "
                    + Configuration.DEFAULT_EXEC_ROOT),
    /** Where to listen. */
    HOST(
            "-H --host", "hosts", Shape.MANY, "ADDRESS",
            "Where to listen: unix:///PATH or tcp://IP:PORT; may be given several times. Default: "
                    + Configuration.DEFAULT_HOST),
    /** Who may use the unix sockets. */
    GROUP(
            "-G --group", "group", Shape.ONE, "NAME",
            "Group that may use the unix sockets. Default: only root may"),
    /** What runs containers. */
    DEFAULT_RUNTIME(
            "--default-runtime", "default-runtime", Shape.ONE, "NAME",
            "OCI runtime of all plugins: runc, crun, or a name of --add-runtime. Default: "
                    + Configuration.DEFAULT_RUNTIME),
    /** More of that kind. */
    ADD_RUNTIME(
            "--add-runtime", "runtimes", Shape.RUNTIMES, "NAME=PATH",
            "Names another OCI runtime; may be given several times. Fixed arguments for it go into the configuration"
                    + " file: {\"runtimes\": {\"NAME\": {\"path\": \"PATH\", \"runtimeArgs\": [\"ARG\"]}}}"),
    /** What watches each container. */
    CONMON(
            "--conmon", "conmon", Shape.ONE, "PATH",
            "conmon, which watches each container. Default: looked for where programs usually are"),
    /** Where more settings are. */
    CONFIG_FILE(
            "--config-file", "", Shape.ONE, "FILE",
            "JSON file with settings, named like the flags (but \"hosts\" and \"runtimes\"). Default: "
                    + Configuration.DEFAULT_CONFIG_FILE
                    + ", if it exists"),
    /** Mutual TLS, or none. */
    TLSVERIFY(
            "--tlsverify", "tlsverify", Shape.SWITCH, "",
            "Serve TCP with TLS only, to clients with a certificate of --tlscacert only"),
    /** Whom to believe. */
    TLSCACERT(
            "--tlscacert", "tlscacert", Shape.ONE, "FILE",
            "PEM file with the authorities that client certificates must come from"),
    /** Who we are. */
    TLSCERT(
            "--tlscert", "tlscert", Shape.ONE, "FILE",
            "PEM file with the server's certificate chain"),
    /** The proof of it. */
    TLSKEY(
            "--tlskey", "tlskey", Shape.ONE, "FILE",
            "PEM file with the server's private key"),
    /** The consent to a risk. */
    ALLOW_UNAUTHENTICATED_TCP(
            "--allow-unauthenticated-tcp", "allow-unauthenticated-tcp", Shape.SWITCH, "",
            "Serve TCP outside loopback without --tlsverify: whoever reaches the port becomes root on this machine"),
    /** What clients on TCP must know. */
    AUTH_TOKEN_FILE(
            "--auth-token-file", "auth-token-file", Shape.ONE, "FILE",
            "File, mode 0600, with a token a line, of which clients on TCP must know one: Authorization: Bearer TOKEN;"
                    + " HUP reads it again. Default: none is needed"),
    /** Who must agree to requests. */
    AUTHORIZATION_PLUGIN(
            "--authorization-plugin", "authorization-plugins", Shape.MANY, "PLUGIN",
            "Authorization plugin that must be there: the daemon does not start unless it is installed and enabled. May be"
                    + " given several times; they are asked in this order, then all others that are enabled"),
    /** How not to be locked out. */
    AUTHZ_ROOT_RECOVERY(
            "--authz-root-recovery", "authz-root-recovery", Shape.SWITCH, "",
            "Let root list, inspect, disable and remove plugins over a unix socket even if authorization plugins deny it; each"
                    + " such use is logged and an event. Root is whoever connects as uid 0: containers as root that have the socket,"
                    + " and relays that root runs, too. Default: off"),
    /** How sure events are. */
    EVENT_DURABILITY(
            "--event-durability", "event-durability", Shape.ONE, "KIND",
            "What events outlive: memory (nothing), batch (the daemon; when the power goes, what was kept is put aside and"
                    + " events begin anew) or sync (that, too). Default: batch"),
    /** How many events are kept. */
    EVENT_MAX_COUNT(
            "--event-max-count", "event-max-count", Shape.ONE, "EVENTS",
            "How many events are kept at most. Default: "
                    + Retention.USUAL.maxEvents()),
    /** How old events are kept. */
    EVENT_MAX_AGE(
            "--event-max-age", "event-max-age", Shape.ONE, "HOURS",
            "How old an event may become; not with memory. Default: "
                    + Retention.USUAL.maxAge().toHours()),
    /** How many bytes of events are kept. */
    EVENT_MAX_SIZE(
            "--event-max-size", "event-max-size", Shape.ONE, "BYTES",
            "How much room all events together may take. Default: "
                    + Retention.USUAL.maxBytes() + " (1 GiB)"),
    /** How often quiet subscribers are pinged. */
    EVENT_HEARTBEAT(
            "--event-heartbeat", "event-heartbeat", Shape.ONE, "SECONDS",
            "How often the event stream pings a quiet subscriber, and says how far it has come. Default: "
                    + NativeConfig.HEARTBEAT.toSeconds()),
    /** How long a subscriber may take nothing. */
    EVENT_SLOW_TIMEOUT(
            "--event-slow-timeout", "event-slow-timeout", Shape.ONE, "SECONDS",
            "How long a subscriber may take nothing of what waits for it; then it is cut off, and may come back. Default: "
                    + NativeConfig.SLOW_TIMEOUT.toSeconds()),
    /** Where legacy plugins listen. */
    LEGACY_PLUGIN_SOCKETS(
            "--legacy-plugin-sockets", "legacy-plugin-sockets", Shape.ONE, "DIR",
            "Where Docker's legacy plugins, which nobody manages, put their sockets. Default: "
                    + LegacyFolders.SOCKETS),
    /** Where it is said where they listen. */
    LEGACY_PLUGIN_SPECS(
            "--legacy-plugin-specs", "legacy-plugin-specs", Shape.MANY, "DIR",
            "Where .spec and .json files say where legacy plugins listen; may be given several times, earlier ones win."
                    + " Default: " + LegacyFolders.DESCRIPTIONS.getFirst() + ", "
                    + LegacyFolders.DESCRIPTIONS.getLast()
                    + "; under RootlessKit those below the user's home"),
    /** They are none of our business. */
    NO_LEGACY_PLUGINS(
            "--no-legacy-plugins", "no-legacy-plugins", Shape.SWITCH, "",
            "Look for no legacy plugins"),
    /** Registries without proof. */
    INSECURE_REGISTRY(
            "--insecure-registry", "insecure-registries", Shape.MANY, "REGISTRY",
            "HOST, HOST:PORT or network (IP/BITS) of registries that may have a certificate of nobody's, or speak plain"
                    + " HTTP; may be given several times. Loopback always may"),
    /** Nearer copies of Docker Hub. */
    REGISTRY_MIRROR(
            "--registry-mirror", "registry-mirrors", Shape.MANY, "URL",
            "Mirror of Docker Hub, asked first when something is pulled; may be given several times"),
    /** How many layers share the line. */
    MAX_CONCURRENT_DOWNLOADS(
            "--max-concurrent-downloads", "max-concurrent-downloads", Shape.ONE, "DOWNLOADS",
            "How many layers of one plugin are fetched side by side. Default: "
                    + StoreConfig.DEFAULT_DOWNLOADS),
    /** How many starts share the cores. */
    MAX_CONCURRENT_STARTS(
            "--max-concurrent-starts", "max-concurrent-starts", Shape.ONE, "STARTS",
            "How many plugins are started side by side. Default: the number of cores"),
    /** A limit on what is unpacked: files. */
    MAX_CONTEXT_ENTRIES(
            "--max-context-entries", "max-context-entries", Shape.ONE, "ENTRIES",
            "How many files a plugin may bring. Default: "
                    + ArchiveLimits.DEFAULT_MAX_ENTRIES),
    /** A limit on what is unpacked: the longest path. */
    MAX_CONTEXT_PATH(
            "--max-context-path", "max-context-path", Shape.ONE, "BYTES",
            "How long a path in a plugin may be. Default: "
                    + ArchiveLimits.DEFAULT_MAX_PATH_BYTES),
    /** A limit on what is unpacked: all bytes. */
    MAX_CONTEXT_SIZE(
            "--max-context-size", "max-context-size", Shape.ONE, "BYTES",
            "How large all files of a plugin together may be. Default: "
                    + ArchiveLimits.DEFAULT_MAX_EXPANDED_BYTES + " (32 GiB)"),
    /** How much memory a plugin may use. */
    MEMORY_LIMIT(
            "--memory-limit", "memory-limit", Shape.ONE, "SIZE",
            "The most memory of each plugin, such as 256m (b, k, m or g), unless it has a limit of its own. Default: none"),
    /** How much processor time a plugin may use. */
    CPU_LIMIT(
            "--cpu-limit", "cpu-limit", Shape.ONE, "CPUS",
            "The most processors of each plugin, such as 1.5, unless it has a limit of its own. Default: none"),
    /** How many processes a plugin may have. */
    PIDS_LIMIT(
            "--pids-limit", "pids-limit", Shape.ONE, "COUNT",
            "The most processes and threads of each plugin, unless it has a limit of its own. Default: none"),
    /** Programs of plugins gain nothing. */
    NO_NEW_PRIVILEGES(
            "--no-new-privileges", "no-new-privileges", Shape.SWITCH, "",
            "Programs of plugins gain no privileges by set-user-id or file capabilities, unless a plugin is told"
                    + " otherwise. Default: off"),
    /** Plugins cannot change themselves. */
    READ_ONLY_ROOTFS(
            "--read-only-rootfs", "read-only-rootfs", Shape.SWITCH, "",
            "Plugins cannot write to their root file systems, only to their mounts, unless a plugin is told otherwise."
                    + " Default: off"),
    /** Which system calls plugins may make. */
    SECCOMP_PROFILE(
            "--seccomp-profile", "seccomp-profile", Shape.ONE, "FILE",
            "Which system calls plugins may make, unless one is told otherwise: unconfined (all), builtin (Docker's"
                    + " default for containers, with what a plugin's capabilities are good for), or a file with a profile"
                    + " in Docker's form. Default: unconfined"),
    /** Where numbers are served beside the API. */
    METRICS_ADDR(
            "--metrics-addr", "metrics-addr", Shape.ONE, "ADDRESS",
            "Where to serve /metrics, and nothing else, besides the API: IP:PORT of loopback, such as 127.0.0.1:9323."
                    + " Default: with the API alone"),
    /** What is logged at least. */
    LOG_LEVEL(
            "-l --log-level", "log-level", Shape.ONE, "LEVEL",
            "debug, info, warn or error. Default: info"),
    /** How a log line looks. */
    LOG_FORMAT(
            "--log-format", "log-format", Shape.ONE, "FORMAT",
            "text, or json for one JSON object a line. Default: text"),
    /** Where the process id goes. */
    PIDFILE(
            "-p --pidfile", "pidfile", Shape.ONE, "FILE",
            "File to write the process id to. Default: none"),
    /** Plugins outlive the daemon. */
    LIVE_RESTORE(
            "--live-restore", "live-restore", Shape.SWITCH, "",
            "Leave plugins running when the daemon stops; the next one takes them over, as it does after a crash."
                    + " Default: stop them"),
    /** How long a stop may take. */
    SHUTDOWN_TIMEOUT(
            "--shutdown-timeout", "shutdown-timeout", Shape.ONE, "SECONDS",
            "How long a clean stop may take, 1 to "
                    + Configuration.MAX_SHUTDOWN_TIMEOUT.toSeconds()
                    + ". Default: "
                    + Configuration.DEFAULT_SHUTDOWN_TIMEOUT.toSeconds()
                    + ", which is more than a plugin gets before and after it is killed");

    /** What a setting's value looks like. */
    enum Shape {
        /** One text or number. */
        ONE,
        /** A list of texts. */
        MANY,
        /** On or off. */
        SWITCH,
        /** Names with a path each. */
        RUNTIMES
    }

    /** All spellings, the long one last: a text, because enums must be immutable to the compiler's eye. */
    private final String flags;
    private final String fileKey;
    private final Shape shape;
    private final String label;
    private final String help;

    Setting(String flags, String fileKey, Shape shape, String label, String help) {
        this.flags = flags;
        this.fileKey = fileKey;
        this.shape = shape;
        this.label = label;
        this.help = help;
    }

    /** All spellings of the flag, the long one last. */
    List<String> flags() {
        return List.of(flags.split(" "));
    }

    /** The flag's long spelling. */
    String flag() {
        return flags().getLast();
    }

    /** The key in the configuration file, if it can be set there. */
    Optional<String> fileKey() {
        return fileKey.isEmpty() ? Optional.empty() : Optional.of(fileKey);
    }

    /** The name in messages: the key, which is the flag without dashes where there is no key. */
    String title() {
        return fileKey().orElseGet(() -> flag().substring(2));
    }

    Shape shape() {
        return shape;
    }

    /** The placeholder for the value in the help. */
    String label() {
        return label;
    }

    String help() {
        return help;
    }
}
