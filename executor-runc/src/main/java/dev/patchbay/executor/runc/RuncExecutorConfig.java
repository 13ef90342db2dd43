package dev.patchbay.executor.runc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * How a {@link RuncExecutor} runs containers. Made by {@link #of}; a bad value fails when it is made.
 *
 * @param conmon the monitor program
 * @param runtimes the runtimes by name
 * @param defaultRuntime the name of the one that containers are started with
 * @param execRoot where sockets and run-time state live, best on a tmpfs; the exec directory of a plugin must be the
 *     folder of its id in here, our own state goes into {@code .patchbay} beside them
 * @param logRoot where logs live, a folder for each plugin
 * @param pluginRoot the folder in which the root file systems of all plugins lie, if there is one; a container that another exec
 *     root was made for is known by it
 * @param startParallelism how many starts run at once
 * @param limits how long each step may take
 * @param logLimits how much of a log is kept
 * @param clock the wall clock
 */
public record RuncExecutorConfig(
        Path conmon,
        Map<String, RuntimeProgram> runtimes,
        String defaultRuntime,
        Path execRoot,
        Path logRoot,
        Optional<Path> pluginRoot,
        int startParallelism,
        StepLimits limits,
        LogLimits logLimits,
        Clock clock) {
    /**
     * The longest path of a unix socket that Java can dial, in bytes: one less than the kernel takes (unix(7); the JDK's
     * {@code UnixDomainSockets.c} leaves room for two end marks).
     */
    static final int MAX_SOCKET_PATH_BYTES = 106;

    /** Where runtime files live unless told otherwise. */
    public static final Path DEFAULT_EXEC_ROOT = Path.of("/run/patchbay/plugins");

    private static final int ID_AND_SLASHES = 66;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}");

    /** Checks the values and copies the map. */
    public RuncExecutorConfig {
        if (!execRoot.isAbsolute() || !logRoot.isAbsolute() || !conmon.isAbsolute()) {
            throw new IllegalArgumentException("conmon, exec root and log root must be absolute paths");
        }
        int room = MAX_SOCKET_PATH_BYTES - ID_AND_SLASHES
                - execRoot.toString().getBytes(StandardCharsets.UTF_8).length;
        if (room < 1) {
            throw new IllegalArgumentException("exec root " + execRoot + " is " + (1 - room)
                    + " bytes too long: a plugin's socket in it would pass " + MAX_SOCKET_PATH_BYTES
                    + " bytes; choose a shorter path, such as " + DEFAULT_EXEC_ROOT);
        }
        if (startParallelism < 1) {
            throw new IllegalArgumentException(
                    "start parallelism must be at least 1, not " + startParallelism);
        }
        if (!runtimes.containsKey(defaultRuntime)) {
            throw new IllegalArgumentException(
                    "default runtime " + defaultRuntime + " is not among the runtimes " + runtimes.keySet());
        }
        for (String name : runtimes.keySet()) {
            if (!isName(name)) {
                throw new IllegalArgumentException("runtime name " + name + " does not match " + NAME);
            }
        }
        runtimes = Map.copyOf(runtimes);
    }

    /** The default configuration, changed by the consumer. */
    public static RuncExecutorConfig of(Consumer<Builder> change) {
        var builder = new Builder();
        change.accept(builder);
        return builder.build();
    }

    /** Whether a runtime may be called so; such a name is a file name too. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    RuntimeProgram runtime(String name) {
        return Optional.ofNullable(runtimes.get(name))
                .orElseThrow(() -> new IllegalStateException("runtime " + name + " is no longer configured"));
    }

    /**
     * How long each step may take at most; what takes longer is killed and fails.
     *
     * @param create the monitor and the runtime's create
     * @param start the runtime's start
     * @param delete the runtime's delete, and again the removal of mounts and cgroups
     * @param kill from SIGKILL to the end of a process; and from SIGTERM to SIGKILL for what runs without a record here, which
     *     nobody has asked to end yet
     */
    public record StepLimits(Duration create, Duration start, Duration delete, Duration kill) {
        /** 30 s to create, 10 s each for the others. */
        public static final StepLimits DEFAULT = new StepLimits(
                Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10),
                Duration.ofSeconds(10));
    }

    /**
     * How much of each plugin's log is kept.
     *
     * @param rotateAtBytes size of a file after which a new one is begun, at least 4096
     * @param files how many files are kept with the current one, at least 2
     */
    public record LogLimits(long rotateAtBytes, int files) {
        /** Three files of 4 MiB. */
        public static final LogLimits DEFAULT = new LogLimits(4L << 20, 3);

        /** Checks both. */
        public LogLimits {
            if (rotateAtBytes < 4096 || files < 2) {
                throw new IllegalArgumentException("a log needs 2 files of 4096 bytes at least");
            }
        }
    }

    /** Changes the default configuration. */
    public static final class Builder {
        private Path conmon = RuntimeProgram.find("conmon").orElse(Path.of("/usr/bin/conmon"));
        private final Map<String, RuntimeProgram> runtimes = new LinkedHashMap<>();
        private String defaultRuntime = "runc";
        private Path execRoot = DEFAULT_EXEC_ROOT;
        private Optional<Path> logRoot = Optional.empty();
        private Optional<Path> pluginRoot = Optional.empty();
        private int startParallelism = Runtime.getRuntime().availableProcessors();
        private StepLimits limits = StepLimits.DEFAULT;
        private LogLimits logLimits = LogLimits.DEFAULT;
        private Clock clock = Clock.systemUTC();

        private Builder() {
            runtimes.put("runc",
                    RuntimeProgram.at(RuntimeProgram.find("runc").orElse(Path.of("/usr/bin/runc"))));
            RuntimeProgram.find("crun").ifPresent(path -> runtimes.put("crun", RuntimeProgram.at(path)));
        }

        /** The monitor; default: conmon where programs usually are. */
        public Builder conmon(Path path) {
            conmon = path;
            return this;
        }

        /** Adds or replaces a runtime; default: runc, and crun if it is installed. */
        public Builder runtime(String name, RuntimeProgram program) {
            runtimes.put(name, program);
            return this;
        }

        /** Which runtime starts containers; default: {@code runc}. */
        public Builder defaultRuntime(String name) {
            defaultRuntime = name;
            return this;
        }

        /** Where runtime files live; default: {@link #DEFAULT_EXEC_ROOT}. */
        public Builder execRoot(Path path) {
            execRoot = path;
            return this;
        }

        /** Where logs live; default: {@code .patchbay/logs} in the exec root, gone after a reboot. */
        public Builder logRoot(Path path) {
            logRoot = Optional.of(path);
            return this;
        }

        /**
         * In which folder the root file systems of all plugins lie, and nothing of anybody else; default: unknown. Without it,
         * a container that was started from another exec root is found, and ended, only when its plugin is started
         * again.
         */
        public Builder pluginRoot(Path path) {
            pluginRoot = Optional.of(path);
            return this;
        }

        /** How many starts run at once; default: the number of cores, beyond which nothing is gained. */
        public Builder startParallelism(int starts) {
            startParallelism = starts;
            return this;
        }

        /** How long steps may take; default: {@link StepLimits#DEFAULT}. */
        public Builder limits(StepLimits stepLimits) {
            limits = stepLimits;
            return this;
        }

        /** How much of a log is kept; default: {@link LogLimits#DEFAULT}. */
        public Builder logLimits(LogLimits newLimits) {
            logLimits = newLimits;
            return this;
        }

        /** The wall clock; default: the system's. */
        public Builder clock(Clock wallClock) {
            clock = wallClock;
            return this;
        }

        private RuncExecutorConfig build() {
            Path logs = logRoot.orElse(execRoot.resolve(Layout.STATE).resolve("logs"));
            return new RuncExecutorConfig(
                    conmon, runtimes, defaultRuntime, execRoot, logs, pluginRoot, startParallelism, limits,
                    logLimits,
                    clock);
        }
    }
}
