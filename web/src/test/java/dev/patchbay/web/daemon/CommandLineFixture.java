package dev.patchbay.web.daemon;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the program in this process and keeps what it prints. For commands that do not serve. */
final class CommandLineFixture {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Runs it as an ordinary user. */
    ExitCode run(String... arguments) {
        var surroundings = new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                "bin/patchbay",
                () -> () -> OsSignal.TERM);
        return new Patchbay(surroundings).run(arguments);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** What a command line of {@code serve} says. */
    static Given given(String... flags) {
        Command serve = Patchbay.serve();
        return Flags.given(serve, serve.parse(List.of(flags)));
    }
}
