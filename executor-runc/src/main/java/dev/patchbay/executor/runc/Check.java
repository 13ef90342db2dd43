package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether monitor and runtime can be used, by asking each for its version. */
final class Check {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Pattern VERSION = Pattern.compile("^(\\S+) version:? (\\S+)");

    private Check() {}

    /** Returns name and version of the runtime. */
    static String run(RuncExecutorConfig config) throws InterruptedException {
        version(config.conmon(), "conmon");
        String name = config.defaultRuntime();
        return version(config.runtime(name).path(), name);
    }

    private static String version(Path program, String name) throws InterruptedException {
        Starter.Programs.require(program, name);
        try {
            Processes.Outcome outcome = Processes.run(program + " --version",
                    CommandLines.version(program), LIMIT);
            if (!outcome.succeeded()) {
                throw unusable(program, "`" + program + " --version` ended with code " + outcome.code()
                        + RuntimeWords.readable(outcome.output()).map(words -> ": " + words).orElse(""),
                        null);
            }
            Matcher version = VERSION.matcher(outcome.output());
            return version.find() ? version.group(1) + " " + version.group(2) : name + " of unknown version";
        } catch (IOException | TimeoutException e) {
            throw unusable(program, String.valueOf(e.getMessage()), e);
        }
    }

    private static RuntimeUnusable unusable(
            Path program, String reason, @org.jspecify.annotations.Nullable Exception cause) {
        return new RuntimeUnusable(
                program + " cannot be used: " + reason
                        + "; reinstall its package or configure another program",
                cause);
    }
}
