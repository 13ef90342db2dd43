package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PatchbayTest {
    private final CommandLineFixture program = new CommandLineFixture();

    @ParameterizedTest(name = "{0}")
    @CsvSource({"--help, patchbay-help.txt", "-h, patchbay-help.txt", "help, patchbay-help.txt",
            "serve --help, serve-help.txt",
            "version --help, version-help.txt"})
    void printsItsHelpOnStdout(String arguments, String golden) throws IOException {
        ExitCode exit = program.run(arguments.split(" "));
        assertThat(program.out()).isEqualTo(resource(golden));
        assertThat(program.err()).isEmpty();
        assertThat(exit).isEqualTo(ExitCode.OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void printsItsVersion(String argument) {
        assertThat(program.run(argument)).isEqualTo(ExitCode.OK);
        assertThat(program.out()).matches("patchbay \\S+ \\(Java 25.*\\)\\n");
    }

    @Test
    void showsItsHelpWhenNothingIsAsked() {
        assertThat(program.run()).isEqualTo(ExitCode.USAGE);
        assertThat(program.err()).startsWith("Usage: patchbay");
        assertThat(program.out()).isEmpty();
    }

    @Test
    void tellsAUserWithoutRootWhatToTypeInstead() {
        assertThat(program.run("serve", "--root", "/tmp/r")).isEqualTo(ExitCode.FAILURE);
        assertThat(program.err())
                .isEqualTo("patchbay: containers need root; type: sudo bin/patchbay serve --root /tmp/r\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            serve --rot /tmp | patchbay: unknown option --rot (did you mean --root?); see patchbay serve --help
            serve --rot=/tmp | patchbay: unknown option --rot (did you mean --root?); see patchbay serve --help
            serve --roo /tmp | patchbay: unknown option --roo (did you mean --root?); see patchbay serve --help
            serve --wumpus   | patchbay: unknown option --wumpus; see patchbay serve --help
            serve -x         | patchbay: unknown option -x; see patchbay serve --help
            serve me         | patchbay: unexpected "me"; see patchbay serve --help
            serve -- -x      | patchbay: unexpected "-x"; see patchbay serve --help
            server           | patchbay: there is no command "server" (did you mean serve?); see patchbay --help
            help serve       | patchbay: unexpected "serve"; see patchbay --help
            -x               | patchbay: unknown option -x; see patchbay --help
            version 1        | patchbay: unexpected "1"; see patchbay version --help
            serve --root     | patchbay: --root needs a value (DIR); see patchbay serve --help
            serve --root -l  | patchbay: --root needs a value (DIR); see patchbay serve --help
            serve -l info --log-level warn | patchbay: --log-level is given twice; see patchbay serve --help
            serve -l loud    | patchbay: log-level must be one of debug, info, warn, error, not "loud"
            """)
    void refusesWhatItDoesNotUnderstandInOneSentence(String arguments, String message) {
        assertThat(program.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(program.err()).isEqualTo(message + "\n");
    }

    private static String resource(String name) throws IOException {
        try (var stream = Objects.requireNonNull(PatchbayTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
