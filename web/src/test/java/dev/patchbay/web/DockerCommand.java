package dev.patchbay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The unmodified {@code docker} of this machine, pointed at a socket, with a configuration folder of its own. */
public final class DockerCommand {
    private static final int PATIENCE_SECONDS = 120;

    private final Path folder;
    private final Path socket;

    /** One that keeps its files in a folder of the test. */
    public DockerCommand(Path folder, Path socket) {
        this.folder = folder;
        this.socket = socket;
    }

    /** Whether there is one. */
    public static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("docker", "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** Runs it to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        return answering("", arguments);
    }

    /** Runs it to its end, with what a user types meanwhile. */
    public Result answering(String typed, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = command(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try (var input = process.outputWriter(UTF_8)) {
            input.write(typed);
        } catch (IOException _) {
            // It did not wait for an answer: what it printed tells more.
        }
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("docker ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    /** Starts it, with both outputs as one. */
    public Process start(String... arguments) throws IOException {
        return command(arguments).redirectErrorStream(true).start();
    }

    private ProcessBuilder command(String... arguments) {
        var line = new ArrayList<>(List.of("docker", "-H", "unix://" + socket));
        line.addAll(List.of(arguments));
        var builder = new ProcessBuilder(line);
        builder.environment().keySet().removeIf(name -> name.startsWith("DOCKER_"));
        builder.environment().put("DOCKER_CONFIG", folder.resolve("config").toString());
        return builder;
    }

    /** What a user sees of one call. */
    public record Result(int code, String out, String err) {
        /** Its output, if it succeeded. */
        public String ok() {
            assertThat(code).as(err).isZero();
            return out;
        }

        /** Its error, if it failed. */
        public String failure() {
            assertThat(code).as(out).isNotZero();
            return err;
        }
    }
}
