package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.Target;
import dev.patchbay.testing.TestCertificates;
import dev.patchbay.web.TlsFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The generator in its own process, against a real server. */
class LoadSessionTest {
    private static final Pattern RESUMED = Pattern.compile("5 of them hung up and resumed ([0-9]+) times");
    private static final Pattern EVENTS = Pattern.compile("10 subscribers, ([0-9]+) events");
    private static final Pattern EVENTS_OF_SLOW = Pattern
            .compile("1 of them took 4096 bytes a second: ([0-9]+) events");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Stop stop = new Stop();

    @Test
    @Timeout(120)
    void losesNothingOfWhoHangsUpAndLetsTheSlowBeSlowAndLeavesNoPluginBehind() throws Exception {
        try (var server = ServerHere.start()) {
            int code = run(server,
                    "--subscribers 10 --resume 50 --slow 10 --rate 40 --duration 6s --filter type=set"
                            + " --warm-up 1s --commands list,inspect --connections 2");

            String said = out.toString(StandardCharsets.UTF_8);
            assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("load-test:");
            assertThat(said).contains("10 subscribers, ").contains(": none lost").doesNotContain("FAILED");
            assertThat(number(said, RESUMED)).isGreaterThanOrEqualTo(3);
            assertThat(number(said, EVENTS_OF_SLOW)).isLessThan(number(said, EVENTS) / 2);
            assertThat(code).isZero();
            try (var http = Endpoint.of(server.target(), Access.OPEN).connect()) {
                assertThat(http.get("/v1.41/plugins").text()).isEqualToIgnoringWhitespace("[]");
            }
        }
    }

    @Test
    @Timeout(120)
    void endsWithWhatItHasFoundWhenSomebodyAsks() throws Exception {
        try (var server = ServerHere.start()) {
            Thread.ofVirtual().start(() -> {
                awaitSaid("connecting");
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
                stop.ask();
            });

            run(server, "--subscribers 3 --rate 20 --duration 1h --warm-up 0s");

            assertThat(out.toString(StandardCharsets.UTF_8)).contains("3 subscribers, ");
        }
    }

    @Test
    @Timeout(120)
    void tellsWhatItHasFoundAlsoIfTheDaemonEndsInTheMiddle() throws Exception {
        int code;
        try (var server = ServerHere.start()) {
            Thread.ofVirtual().start(() -> {
                awaitSaid("connecting");
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
                server.server().close().block();
            });

            code = run(server, "--subscribers 3 --rate 20 --duration 6s --warm-up 0s --commands list");
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("3 subscribers, ")
                .contains("3 connections ended by the server")
                .contains("COMMANDS FAILED");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("load-test: plugins are left behind, since ");
        assertThat(code).isEqualTo(1);
    }

    @Test
    @Timeout(120)
    void isLetInWithCertificatesAndAToken(@TempDir Path folder) throws Exception {
        var own = TestCertificates.make(folder, "localhost");
        var client = TestCertificates.make(folder, "client");
        Path token = Files.writeString(folder.resolve("token"), "# ours\n\n0123456789abcdef\n");
        var files = new TlsFiles(client.certificate(), own.certificate(), own.key());
        String options = "--tlscacert " + own.certificate() + " --tlscert " + client.certificate()
                + " --tlskey "
                + client.key()
                + " --subscribers 4 --resume 50 --rate 20 --duration 5s --warm-up 0s --commands list";
        try (var server = ServerHere.guarded(files, "0123456789abcdef")) {
            assertThat(run(server, options)).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("status 401");

            assertThat(run(server, options + " --token-file " + token)).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("4 subscribers, ")
                    .contains(": none lost");

            err.reset();
            assertThat(run(server, "--commands list --tlscacert " + client.certificate())).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .startsWith("load-test: nobody answers on https://");

            err.reset();
            Target otherName = Target.parse(server.target().toString().replace("localhost", "127.0.0.1"));
            assertThat(run(otherName, options + " --token-file " + token)).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("nobody answers on https://127.0.0.1:")
                    .contains("subject alternative names");
        }
    }

    private static int number(String said, Pattern pattern) {
        Matcher found = pattern.matcher(said);
        assertThat(found.find()).as(said).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private void awaitSaid(String text) {
        while (!err.toString(StandardCharsets.UTF_8).contains(text)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private int run(ServerHere server, String options) {
        return run(server.target(), options);
    }

    private int run(Target target, String options) {
        var arguments = new ArrayList<>(List.of("--target", target.toString()));
        arguments.addAll(List.of(options.split(" ", -1)));
        return new LoadTest(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), stop).run(arguments);
    }
}
