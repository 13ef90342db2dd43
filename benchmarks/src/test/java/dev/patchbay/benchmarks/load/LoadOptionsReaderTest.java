package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadOptionsReaderTest {
    @Test
    void hasAHundredSubscribersIfNothingIsSaid() throws LoadUsageException {
        LoadOptions options = read("");

        assertThat(options.target()).isEmpty();
        assertThat(options.stream())
                .isEqualTo(new LoadOptions.Stream(100, 20, 350, 10, Mix.STEADY, List.of()));
        assertThat(options.commands().kinds()).isEmpty();
        assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.duration()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void readsAllThatThereIs() throws LoadUsageException {
        LoadOptions options = read(
                "--target http://127.0.0.1:2375 --subscribers 200 --rate 0.5 --event-bytes 400"
                        + " --plugins 3 --slow 10 --resume=25 --filter type=set --filter plugin=a:b --commands list,cycle"
                        + " --command-rate 7 --connections 2 --duration 5m --warm-up 250ms --report a.txt");

        assertThat(options.target()).contains(new Target.Tcp("127.0.0.1", 2375));
        assertThat(options.stream()).isEqualTo(
                new LoadOptions.Stream(200, 0.5, 400, 3, new Mix(20, 50), List.of("type=set", "plugin=a:b")));
        assertThat(options.commands()).isEqualTo(new LoadOptions.Commands(
                List.of(CommandKind.LIST, CommandKind.CYCLE), OptionalDouble.of(7), 2));
        assertThat(options.duration()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.warmUp()).isEqualTo(Duration.ofMillis(250));
        assertThat(options.report()).contains(Path.of("a.txt"));
    }

    @Test
    void encryptsAsTheDockerClientDoesIfItIsGivenCertificates() throws LoadUsageException {
        LoadOptions options = read(
                "--target tcp://host:2376 --tlscacert ca.pem --tlscert c.pem --tlskey k.pem --token-file t");

        assertThat(options.target()).contains(new Target.Tls("host", 2376));
        assertThat(options.access()).isEqualTo(new Access(Optional.of(Path.of("ca.pem")),
                Optional.of(new Access.Pair(Path.of("c.pem"), Path.of("k.pem"))), Optional.of(Path.of("t"))));
        assertThat(read("--target https://host:1").target()).contains(new Target.Tls("host", 1));
    }

    @Test
    void hasNoSubscribersWhenCommandsAreAskedForAlone() throws LoadUsageException {
        assertThat(read("--commands list").stream().subscribers()).isZero();
    }

    @Test
    void takesCommandsAsFastAsTheyAreAnsweredWithoutARate() throws LoadUsageException {
        assertThat(read("--commands list --command-rate max").commands().rate()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --subscriber 5                    | there is no option --subscriber
            5                                 | there is no option 5
            --rate                            | --rate needs a value
            --rate 1 --rate 2                 | --rate is given twice
            --rate 0                          | --rate is a number above 0, up to 1000000, not "0"
            --rate NaN                        | --rate is a number above 0, up to 1000000, not "NaN"
            --subscribers -1                  | --subscribers is a whole number, 0 to 100000, not "-1"
            --subscribers 1e3                 | --subscribers is a whole number, 0 to 100000, not "1e3"
            --subscribers 0                   | without subscribers and commands there is nothing to do
            --slow 60 --resume 50             | --slow and --resume are more than 100 percent together
            --filter type                     | --filter is type=T, plugin=P or capability=C, not "type"
            --filter name=a                   | --filter is type=T, plugin=P or capability=C, not "name=a"
            --commands list,remove            | --commands has list, inspect, cycle and set, not "remove"
            --command-rate fast               | --command-rate is a number above 0, up to 1000000, not "fast"
            --duration 5                      | --duration is a time as 90s, 5m or 1h, not "5"
            --target host:80                  | a target is unix:///PATH, http://HOST:PORT or https://HOST:PORT, not "host:80"
            --target tcp://h:1 --tlscert a    | --tlscert and --tlskey go together
            --target unix:///s --tlscacert a  | certificates are for https://HOST:PORT, not unix:///s
            --target http://h:1 --tlscacert a | certificates are for https://HOST:PORT, not http://h:1
            --token-file a                    | certificates and tokens are for the daemon at a --target
            --target http://a.b:1 --token-file a | the token would go to a.b for all to read: a token needs https://HOST:PORT, or a daemon of this machine
            --target tcp://h:1 --tlscacert=   | --tlscacert needs a value
            """)
    void saysInASentenceWhatCannotBeMeant(String line, String sentence) {
        assertThatThrownBy(() -> read(line)).isInstanceOf(LoadUsageException.class).hasMessage(sentence);
    }

    @Test
    void explainsEveryOptionThatItKnows() throws LoadUsageException {
        for (String option : Pattern.compile("--[a-z-]+")
                .matcher(LoadOptionsReader.HELP)
                .results()
                .map(it -> it.group())
                .distinct()
                .filter(it -> !it.equals("--help"))
                .toList()) {
            assertThatThrownBy(() -> LoadOptionsReader.read(List.of(option)))
                    .hasMessage(option + " needs a value");
        }
    }

    private static LoadOptions read(String line) throws LoadUsageException {
        return LoadOptionsReader.read(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
    }
}
