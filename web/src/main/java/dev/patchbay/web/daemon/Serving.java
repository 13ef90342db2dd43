package dev.patchbay.web.daemon;

import dev.patchbay.UncleanCloseException;
import dev.patchbay.thread.FreshThread;
import dev.patchbay.web.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/** The life of {@code patchbay serve}: from flags to the exit code. Runs on the main thread and blocks it. */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    /** What opening may take at most: it reads the plugin directory and never waits for a plugin or the network. */
    private static final Duration OPEN_TIMEOUT = Duration.ofMinutes(2);

    private final Surroundings surroundings;
    private final Given flags;
    private final List<String> arguments;

    Serving(Surroundings surroundings, Given flags, List<String> arguments) {
        this.surroundings = surroundings;
        this.flags = flags;
        this.arguments = arguments;
    }

    /**
     * Serves until told to stop.
     *
     * @throws UsageException if it cannot start for a reason that the user can change
     */
    ExitCode run() {
        Given given = read();
        Configuration configuration = Configuration.of(given);
        if (!surroundings.root()) {
            throw UsageException.surroundings(
                    "containers need root; type: sudo " + surroundings.command() + " "
                            + String.join(" ", arguments));
        }
        LogOutput.start(configuration.logging());
        FreshThread.start("compiler-threads", CompilerThreads::giveWay); // calls into C: 20 ms for the first
        OsSignal.Inbox signals = surroundings.signals().get();
        try (Claims _ = Claims.make(configuration)) {
            return serve(configuration, given, signals);
        } catch (InterruptedException e) {
            LOG.error("the main thread was interrupted", e);
            return ExitCode.FAILURE;
        }
    }

    private ExitCode serve(Configuration configuration, Given given, OsSignal.Inbox signals)
            throws InterruptedException {
        Optional<Tokens> tokens = configuration.listening()
                .tokenFile()
                .map(file -> new Tokens(TokenFile.read(file)));
        Daemon daemon;
        try {
            daemon = Daemon.open(configuration, tokens).blockOptional(OPEN_TIMEOUT).orElseThrow();
        } catch (RuntimeException e) {
            Throwable cause = Exceptions.unwrap(e);
            LOG.debug("the start failed", cause);
            throw UsageException.surroundings("cannot start: " + cause.getMessage());
        }
        surroundings.out()
                .println("ready "
                        + daemon.addresses().stream().map(Object::toString).collect(Collectors.joining(" ")));
        surroundings.out().flush();
        Given inEffect = given;
        OsSignal signal;
        while ((signal = signals.take()) == OsSignal.HUP) {
            inEffect = reload(inEffect, daemon);
        }
        return stop(signal, daemon, Configuration.of(inEffect).stopping().timeout());
    }

    private ExitCode stop(OsSignal signal, Daemon daemon, Duration timeout) {
        LOG.info("{}: stopping, for at most {} s", signal, timeout.toSeconds());
        try {
            daemon.close().block(timeout);
            LOG.info("stopped");
            return ExitCode.OK;
        } catch (RuntimeException e) {
            switch (Exceptions.unwrap(e)) {
                case UncleanCloseException left ->
                    LOG.error("stopped, but not cleanly: {}", left.getMessage());
                case Throwable failure ->
                    LOG.error("no clean stop within {} s", timeout.toSeconds(), failure);
            }
            return ExitCode.FAILURE;
        }
    }

    private Given reload(Given inEffect, Daemon daemon) {
        try {
            Given read = read();
            Configuration.of(read);
            Reload reload = Reload.between(inEffect, read);
            Configuration.of(reload.now())
                    .listening()
                    .tokenFile()
                    .map(TokenFile::read)
                    .ifPresent(daemon::replaceTokens);
            LogOutput.setLevel(Configuration.of(reload.now()).logging().level());
            LOG.info("HUP: configuration read again; {}", describe(reload));
            return reload.now();
        } catch (UsageException e) {
            LOG.error("HUP: nothing changed, because {}", e.getMessage());
            return inEffect;
        }
    }

    private static String describe(Reload reload) {
        if (reload.applied().isEmpty() && reload.needsRestart().isEmpty()) {
            return "nothing is different";
        }
        String applied = reload.applied().isEmpty() ? "" : "changed: " + titles(reload.applied());
        String restart = reload.needsRestart().isEmpty()
                ? ""
                : "needs a restart: " + titles(reload.needsRestart());
        return applied.isEmpty() || restart.isEmpty() ? applied + restart : applied + "; " + restart;
    }

    private static String titles(List<Setting> settings) {
        return settings.stream().map(Setting::title).collect(Collectors.joining(", "));
    }

    private Given read() {
        Given file = flags.one(Setting.CONFIG_FILE)
                .map(path -> ConfigFile.read(Path.of(path)))
                .orElseGet(() -> ConfigFile.readIfPresent(Path.of(Configuration.DEFAULT_CONFIG_FILE)));
        return Given.join(flags, file);
    }
}
