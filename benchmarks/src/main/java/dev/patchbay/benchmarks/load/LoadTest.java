package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.Machine;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Target;
import dev.patchbay.benchmarks.report.Report;
import dev.patchbay.benchmarks.report.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Load on a running daemon, as a program: {@code load-test --help} says what it can do. The distribution and the sample
 * plugin, and whether progress goes to a terminal, are told by the system properties {@value #DISTRIBUTION}, {@value #SAMPLE}
 * and {@value #TERMINAL}.
 */
public final class LoadTest {
    private static final String DISTRIBUTION = "patchbay.distribution";
    private static final String SAMPLE = "patchbay.samplePlugin";
    private static final String TERMINAL = "patchbay.terminal";
    private static final int FAILED = 1;
    private static final int WRONG = 2;
    private static final Duration PATIENCE_AT_FIRST = Duration.ofSeconds(10);
    /** Longer than a plugin may take to start. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final PrintStream out;
    private final PrintStream err;
    private final Stop stop;

    LoadTest(PrintStream out, PrintStream err, Stop stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    /** Puts load on. */
    @SuppressWarnings("SystemOut") // a program for people
    public static void main(String[] arguments) {
        Stop stop = Stop.onSignal();
        int code = new LoadTest(System.out, System.err, stop).run(List.of(arguments));
        boolean isInterrupted = stop.isAsked();
        stop.done();
        if (!isInterrupted) { // else the process is ending, with a code that says so
            System.exit(code);
        }
    }

    /** Does what the arguments say. @return the exit code */
    int run(List<String> arguments) {
        if (arguments.contains("--help")) {
            out.print(LoadOptionsReader.HELP);
            return 0;
        }
        try {
            LoadOptions options = LoadOptionsReader.read(arguments);
            return run(options, arguments);
        } catch (LoadUsageException e) {
            err.println("load-test: " + e.getMessage() + "; --help says what there is");
            return WRONG;
        } catch (IOException | IllegalStateException e) {
            err.println("load-test: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int run(LoadOptions options, List<String> arguments) throws IOException, InterruptedException {
        if (options.target().isPresent()) {
            return run(options, arguments, Endpoint.of(options.target().get(), options.access()));
        }
        Built built = built().orElseThrow(
                () -> new IOException(
                        "there is no distribution to start a daemon of its own from; give a --target"));
        try (Place place = Place.make(); var daemon = DaemonHere.patchbay(built, place, "")) {
            return run(options, arguments,
                    Endpoint.of(new Target.Unix(daemon.socket()), options.access()));
        }
    }

    private int run(LoadOptions options, List<String> arguments, Endpoint endpoint)
            throws IOException, InterruptedException {
        expectDaemon(endpoint.patient(PATIENCE_AT_FIRST));
        // Before anything is measured: whoever cannot write there is to know now.
        Optional<Report> report = options.report().isPresent()
                ? Optional.of(Report.begin(options.report().get(), out, command(arguments),
                        Surroundings.here()))
                : Optional.empty();
        var progress = new Progress(err, System.getProperty(TERMINAL, "").equals("yes"));
        String before = Machine.load();
        int samples = options.commands().kinds().contains(CommandKind.CYCLE)
                ? options.commands().connections()
                : 0;
        Endpoint patient = endpoint.patient(PATIENCE);
        try (var plugins = LoadPlugins.make(patient, options.stream().plugins(),
                options.stream().eventBytes(),
                samples, built())) {
            LoadFindings findings = new LoadSession(options, patient, plugins, progress, stop).run();
            progress.end();
            // Here: removing plugins may fail, for example since the daemon is gone, and that is no reason to say nothing.
            if (report.isPresent()) {
                report.get().add("load-test", findings.table(), before);
            } else {
                out.println(findings.table());
            }
            return findings.isClean() ? 0 : FAILED;
        } finally {
            progress.end();
        }
    }

    private static List<String> command(List<String> arguments) {
        return Stream.concat(Stream.of("load-test"), arguments.stream()).toList();
    }

    private static void expectDaemon(Endpoint endpoint) throws IOException {
        try (var http = endpoint.connect()) {
            var _ = http.get("/_ping").orFail();
        } catch (IOException e) {
            throw new IOException("nobody answers on " + endpoint + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Built> built() {
        return Optional.ofNullable(System.getProperty(DISTRIBUTION))
                .flatMap(distribution -> Optional.ofNullable(System.getProperty(SAMPLE))
                        .map(sample -> new Built(Path.of(distribution), Path.of(sample))));
    }
}
