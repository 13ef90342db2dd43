package dev.patchbay.engine;

import dev.patchbay.client.ClientOptions;
import dev.patchbay.image.Platform;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.oci.SpecAddition;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.plugin.InterfaceType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * How an engine behaves. Each value has a default; a bad one fails when the configuration is made.
 *
 * @param execRoot where plugins put their sockets, one folder each; short, since a socket's path has 107 bytes at most
 * @param mailboxSize how many commands may wait for the state thread, at least 1
 * @param waitingPerPlugin how many commands may wait for one busy plugin, at least 1
 * @param stopGrace from TERM to KILL
 * @param killGrace from KILL to giving up
 * @param shutdownTimeout how long closing waits for plugins to stop
 * @param liveRestore whether closing leaves plugins that run alone, for the engine that is opened next, instead of
 *     stopping them; what is only half started is stopped all the same
 * @param limits how long it waits for a single step of the parts below it
 * @param specOptions what the operator decides about all containers
 * @param platform which of several images is taken
 * @param client how plugins are called
 * @param legacyFolders where Docker's legacy plugins are looked for; empty: nowhere
 * @param specAdditions changes to the containers of plugins that can do something, in this order
 * @param restoreAfter when plugins that are wanted begin to be taken over or started, and what earlier processes left of
 *     others is removed: once this ends, in whatever way. It is subscribed to once, when the engine opens, and cancelled when
 *     it closes. Until then these plugins are being restored: they can be disabled and removed, but not be waited for
 */
public record EngineConfig(
        Path execRoot,
        int mailboxSize,
        int waitingPerPlugin,
        Duration stopGrace,
        Duration killGrace,
        Duration shutdownTimeout,
        boolean liveRestore,
        Limits limits,
        SpecOptions specOptions,
        Platform platform,
        ClientOptions client,
        Optional<LegacyFolders> legacyFolders,
        List<ForCapability> specAdditions,
        Mono<Void> restoreAfter) {
    /** Where the daemon keeps sockets unless told otherwise. */
    public static final Path EXEC_ROOT = Path.of("/run/patchbay/plugins");

    /** Commands that may wait for the state thread. */
    public static final int MAILBOX_SIZE = 1024;

    /** Commands that may wait for one busy plugin. */
    public static final int WAITING_PER_PLUGIN = 16;

    /** From TERM to KILL, as moby's plugin manager. */
    public static final Duration STOP_GRACE = Duration.ofSeconds(10);

    /** From KILL to giving up, as moby's plugin manager. */
    public static final Duration KILL_GRACE = Duration.ofSeconds(10);

    /** How long closing waits: longer than both graces together. */
    public static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

    /** Checks every value. */
    public EngineConfig {
        atLeastOne("mailboxSize", mailboxSize);
        atLeastOne("waitingPerPlugin", waitingPerPlugin);
        positive("stopGrace", stopGrace);
        positive("killGrace", killGrace);
        positive("shutdownTimeout", shutdownTimeout);
        specAdditions = List.copyOf(specAdditions);
    }

    /**
     * A change to the containers of some plugins.
     *
     * @param capability what those can do
     */
    public record ForCapability(InterfaceType capability, SpecAddition addition) {}

    /** The defaults, changed by what the host says. */
    public static EngineConfig of(Consumer<Builder> changes) {
        var builder = new Builder();
        changes.accept(builder);
        return builder.build();
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, not " + value);
        }
    }

    /** Collects changes to the defaults. */
    public static final class Builder {
        private Path execRoot = EXEC_ROOT;
        private int mailboxSize = MAILBOX_SIZE;
        private int waitingPerPlugin = WAITING_PER_PLUGIN;
        private Duration stopGrace = STOP_GRACE;
        private Duration killGrace = KILL_GRACE;
        private Duration shutdownTimeout = SHUTDOWN_TIMEOUT;
        private boolean liveRestore;
        private Limits limits = Limits.DEFAULT;
        private SpecOptions specOptions = SpecOptions.DEFAULT;
        private Platform platform = Platform.host();
        private ClientOptions client = ClientOptions.DEFAULT;
        private Optional<LegacyFolders> legacyFolders = Optional.empty();
        private final List<ForCapability> specAdditions = new ArrayList<>();
        private Mono<Void> restoreAfter = Mono.empty();

        private Builder() {}

        /** See {@link EngineConfig#execRoot}. */
        public Builder execRoot(Path value) {
            execRoot = value;
            return this;
        }

        /** See {@link EngineConfig#mailboxSize}. */
        public Builder mailboxSize(int value) {
            mailboxSize = value;
            return this;
        }

        /** See {@link EngineConfig#waitingPerPlugin}. */
        public Builder waitingPerPlugin(int value) {
            waitingPerPlugin = value;
            return this;
        }

        /** See {@link EngineConfig#stopGrace}. */
        public Builder stopGrace(Duration value) {
            stopGrace = value;
            return this;
        }

        /** See {@link EngineConfig#killGrace}. */
        public Builder killGrace(Duration value) {
            killGrace = value;
            return this;
        }

        /** See {@link EngineConfig#shutdownTimeout}. */
        public Builder shutdownTimeout(Duration value) {
            shutdownTimeout = value;
            return this;
        }

        /** See {@link EngineConfig#liveRestore}; off unless told otherwise. */
        public Builder liveRestore(boolean value) {
            liveRestore = value;
            return this;
        }

        /** See {@link EngineConfig#limits}. */
        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        /** See {@link EngineConfig#specOptions}. */
        public Builder specOptions(SpecOptions value) {
            specOptions = value;
            return this;
        }

        /** See {@link EngineConfig#platform}. */
        public Builder platform(Platform value) {
            platform = value;
            return this;
        }

        /** See {@link EngineConfig#client}. */
        public Builder client(ClientOptions value) {
            client = value;
            return this;
        }

        /** See {@link EngineConfig#legacyFolders}; nowhere unless told otherwise. */
        public Builder legacyFolders(LegacyFolders value) {
            legacyFolders = Optional.of(value);
            return this;
        }

        /**
         * Adds a change to the container of each plugin that can do something, made before each start of it.
         *
         * @param capability such as {@code metricscollector}, or {@code docker.metricscollector/1.0}
         * @throws IllegalArgumentException if that is no capability
         */
        public Builder specAddition(String capability, SpecAddition addition) {
            specAdditions.add(new ForCapability(InterfaceType.asked(capability), addition));
            return this;
        }

        /**
         * See {@link EngineConfig#restoreAfter}; at once unless told otherwise. A host that serves says here when it does, so
         * that hundreds of plugins do not compete with it for its processors before, and that none is started if it cannot.
         */
        public Builder restoreAfter(Mono<Void> value) {
            restoreAfter = value;
            return this;
        }

        private EngineConfig build() {
            return new EngineConfig(
                    execRoot, mailboxSize, waitingPerPlugin, stopGrace, killGrace, shutdownTimeout,
                    liveRestore, limits, specOptions, platform, client, legacyFolders, specAdditions,
                    restoreAfter);
        }
    }
}
