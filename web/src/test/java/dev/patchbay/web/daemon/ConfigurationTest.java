package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.event.Retention;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.limits.Seccomp;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.TlsFiles;
import dev.patchbay.web.daemon.Configuration.LogFormat;
import dev.patchbay.web.daemon.Configuration.LogLevel;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigurationTest {
    @Test
    void fillsInTheDefaults() {
        Configuration configuration = Configuration.of(Given.NOTHING);
        assertThat(configuration.folders())
                .isEqualTo(
                        new Configuration.Folders(
                                Path.of("/var/lib/patchbay/plugins"),
                                Path.of("/run/patchbay/plugins")));
        assertThat(configuration.listening().addresses())
                .containsExactly(
                        new ListenAddress.Unix(Path.of("/run/patchbay/patchbay.sock"), Optional.empty()));
        assertThat(configuration.runtimes().used()).isEqualTo("runc");
        assertThat(configuration.logging())
                .isEqualTo(new Configuration.Logging(LogLevel.INFO, LogFormat.TEXT));
        assertThat(configuration.events()).isEqualTo(new Events(Events.Keeping.BATCH, Retention.USUAL,
                Duration.ofSeconds(30), Duration.ofSeconds(30)));
        assertThat(configuration.legacy().folders(Map.of())).contains(LegacyFolders.docker(Map.of()));
        assertThat(configuration.listening().tokenFile()).isEmpty();
        assertThat(configuration.pidfile()).isEmpty();
        assertThat(configuration.pluginLimits()).isEqualTo(
                new PluginLimiting(PluginLimits.NONE, Optional.empty()));
        assertThat(configuration.stopping())
                .isEqualTo(new Configuration.Stopping(Duration.ofSeconds(30), false));
    }

    @Test
    void takesEveryFlag() {
        Configuration configuration = Configuration.of(
                CommandLineFixture.given(
                        "--root", "/r",
                        "--legacy-plugin-sockets", "/ls",
                        "--legacy-plugin-specs", "/l1",
                        "--legacy-plugin-specs", "/l2",
                        "--exec-root=/x",
                        "-H", "unix:///s/./a.sock",
                        "--host", "tcp://[::]:2376",
                        "-G", "docker",
                        "--default-runtime", "slow",
                        "--add-runtime", "slow=/opt/slow=er",
                        "--tlsverify",
                        "--tlscacert", "/ca",
                        "--tlscert", "/cert",
                        "--tlskey", "/key",
                        "-l", "debug",
                        "--log-format", "json",
                        "-p", "/p",
                        "--conmon", "/opt/conmon",
                        "--insecure-registry", "Registry.lan:5000",
                        "--insecure-registry", "10.0.0.0/8",
                        "--insecure-registry", "fd00::/8",
                        "--insecure-registry", "[fd00::1]:5000",
                        "--insecure-registry", "10.0.0.0/8",
                        "--registry-mirror", "https://mirror.example/hub/",
                        "--registry-mirror", "http://[::1]:5000",
                        "--max-concurrent-downloads", "8",
                        "--max-concurrent-starts", "3",
                        "--max-context-entries", "4",
                        "--max-context-path", "5",
                        "--max-context-size", "6",
                        "--auth-token-file", "/t",
                        "--event-durability", "sync",
                        "--event-max-count", "9",
                        "--event-max-age", "10",
                        "--event-max-size", "1048577",
                        "--event-heartbeat", "11",
                        "--event-slow-timeout", "12",
                        "--memory-limit", "256M",
                        "--cpu-limit", "1.5",
                        "--pids-limit", "13",
                        "--metrics-addr", "127.0.0.1:9323",
                        "--no-new-privileges",
                        "--read-only-rootfs",
                        "--seccomp-profile", "builtin",
                        "--live-restore",
                        "--shutdown-timeout", "7"));
        assertThat(configuration.folders())
                .isEqualTo(new Configuration.Folders(Path.of("/r"), Path.of("/x")));
        var tls = Optional.of(new TlsFiles(Path.of("/ca"), Path.of("/cert"), Path.of("/key")));
        assertThat(configuration.listening().addresses())
                .containsExactly(
                        new ListenAddress.Unix(Path.of("/s/a.sock"), Optional.of("docker")),
                        new ListenAddress.Tcp("::", 2376, tls));
        assertThat(configuration.runtimes().used()).isEqualTo("slow");
        assertThat(configuration.runtimes().conmon()).contains(Path.of("/opt/conmon"));
        assertThat(configuration.runtimes().byName())
                .containsEntry("slow", new OciRuntime("/opt/slow=er", List.of()))
                .containsKeys("runc", "crun");
        assertThat(configuration.logging())
                .isEqualTo(new Configuration.Logging(LogLevel.DEBUG, LogFormat.JSON));
        assertThat(configuration.registries()).isEqualTo(new Registries(
                List.of("registry.lan:5000", "10.0.0.0/8", "fd00::/8", "[fd00::1]:5000"),
                List.of(URI.create("https://mirror.example/hub"), URI.create("http://[::1]:5000"))));
        assertThat(configuration.legacy().folders(Map.of())).contains(
                new LegacyFolders(Path.of("/ls"), List.of(Path.of("/l1"), Path.of("/l2"))));
        assertThat(configuration.limits().downloads()).isEqualTo(8);
        assertThat(configuration.limits().concurrentStarts()).isEqualTo(3);
        assertThat(configuration.limits().contexts().maxEntries()).isEqualTo(4);
        assertThat(configuration.limits().contexts().maxPathBytes()).isEqualTo(5);
        assertThat(configuration.limits().contexts().maxExpandedBytes()).isEqualTo(6);
        assertThat(configuration.listening().tokenFile()).contains(Path.of("/t"));
        assertThat(configuration.listening().metrics())
                .contains(new ListenAddress.Tcp("127.0.0.1", 9323, Optional.empty()));
        assertThat(configuration.events()).isEqualTo(new Events(Events.Keeping.SYNC,
                new Retention(9, Duration.ofHours(10), 1_048_577), Duration.ofSeconds(11),
                Duration.ofSeconds(12)));
        assertThat(configuration.pluginLimits()).isEqualTo(new PluginLimiting(
                new PluginLimits(OptionalLong.of(256 << 20), OptionalLong.of(1_500_000_000),
                        OptionalLong.of(13),
                        true, true, new Seccomp.Builtin()),
                Optional.empty()));
        assertThat(configuration.pidfile()).contains(Path.of("/p"));
        assertThat(configuration.stopping())
                .isEqualTo(new Configuration.Stopping(Duration.ofSeconds(7), true));
    }

    @Test
    void looksForNoLegacyPluginsIfToldSo() {
        assertThat(Configuration.of(CommandLineFixture.given("--no-legacy-plugins"))
                .legacy()
                .folders(Map.of())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --conmon conmon                  | conmon must be an absolute path, not "conmon"
            --root var/x                     | root must be an absolute path, not "var/x"
            --root /x --exec-root /x         | root and exec-root are both /x
            -H /run/x.sock                   | host "/run/x.sock" must be unix:///PATH or tcp://IP:PORT
            -H unix://run/x.sock             | must name a socket by an absolute path
            -H unix:///run/x/                | must name a socket by an absolute path
            -H fd://                         | must be unix:///PATH or tcp://IP:PORT
            -H tcp://localhost:1             | must have an IP address, not a name
            -H tcp://:2375                   | must have an IP address and a port
            -H tcp://127.0.0.1               | must have an IP address and a port
            -H tcp://::1:80                  | must have an IP address and a port
            -H tcp://127.0.0.1:65536         | must end with a port from 0 to 65535
            -H tcp://127.0.0.1:+1            | must end with a port from 0 to 65535
            -H unix:///a -H unix:///./a      | the same host is given twice
            -H tcp://0.0.0.0:1               | accept that with --allow-unauthenticated-tcp
            -H tcp://[::]:1                  | can be reached from other machines
            -H tcp://10.0.0.1:1 --allow-unauthenticated-tcp=false | can be reached from other machines
            --tlsverify                      | needs all of --tlscacert, --tlscert and --tlskey
            --tlsverify --tlscert /c         | needs all of --tlscacert, --tlscert and --tlskey
            --tlskey /k                      | do nothing without --tlsverify
            --default-runtime x              | default-runtime "x" is not known, only crun, runc; add it with --add-runtime x=PATH
            --add-runtime x                  | lacks a path
            --add-runtime -x=/a              | runtime name "-x" must be
            --add-runtime x=../a             | neither an absolute path nor the name of a program
            --add-runtime x=-rm              | neither an absolute path nor the name of a program
            --add-runtime x=/a --add-runtime x=/b | --add-runtime x is given twice
            --insecure-registry http://r     | insecure-registry "http://r" must be HOST, HOST:PORT, or a network
            --insecure-registry r:0          | must be HOST, HOST:PORT, or a network
            --insecure-registry r:65536      | must be HOST, HOST:PORT, or a network
            --insecure-registry -r           | must be HOST, HOST:PORT, or a network
            --insecure-registry 10.0.0.0/33  | must be HOST, HOST:PORT, or a network
            --insecure-registry r.lan/8      | must be HOST, HOST:PORT, or a network
            --insecure-registry ::1/129      | must be HOST, HOST:PORT, or a network
            --max-concurrent-downloads 65    | max-concurrent-downloads must be a number of downloads from 1 to 64
            --registry-mirror mirror.example | registry-mirror "mirror.example" must be a URL with http:// or https://
            --registry-mirror ftp://m        | must be a URL with http:// or https://
            --registry-mirror https://       | registry-mirror "https://" is not a URL
            --registry-mirror https://m/?x   | must end before ? and #
            --registry-mirror https://me:hunter2@m | a registry-mirror must not have a user name or password in it
            -l INFO                          | log-level must be one of debug, info, warn, error
            --log-format xml                 | log-format must be one of text, json
            --shutdown-timeout 0             | shutdown-timeout must be a number of seconds from 1 to 3600, not "0"
            --shutdown-timeout -1            | shutdown-timeout must be
            --shutdown-timeout 9999999999999 | shutdown-timeout must be
            --max-concurrent-starts 0        | max-concurrent-starts must be a number of starts from 1 to 1024, not "0"
            --max-context-entries x          | max-context-entries must be a number of entries from 1 to
            --max-context-path 4096          | max-context-path must be a number of bytes from 1 to 4095, not "4096"
            --max-context-size -1            | max-context-size must be a number of bytes
            --event-durability disk          | event-durability must be one of memory, batch, sync, not "disk"
            --event-max-count 0              | event-max-count must be a number of events from 1 to
            --event-max-age 1h               | event-max-age must be a number of hours from 1 to 1000000, not "1h"
            --event-max-size 1048575         | event-max-size must be at least 1048576, not 1048575
            --event-heartbeat 3601           | event-heartbeat must be a number of seconds from 1 to 3600
            --event-slow-timeout 0           | event-slow-timeout must be a number of seconds from 1 to 3600
            --memory-limit 0                 | the memory limit must be 6291456 to 1125899906842624 bytes, not 0
            --memory-limit 5m                | the memory limit must be 6291456 to 1125899906842624 bytes, not 5242880
            --memory-limit 99999999999g      | the memory limit must be 6291456 to 1125899906842624 bytes
            --memory-limit -1                | memory-limit must be a number of bytes such as 268435456 or 256m
            --memory-limit 1.5g              | memory-limit must be a number of bytes such as 268435456 or 256m
            --cpu-limit 0.001                | the CPU limit must be 10000000 to 1024000000000 billionths of a CPU
            --cpu-limit 1e999999999          | a number of CPUs is one such as 1.5
            --cpu-limit many                 | a number of CPUs is one such as 1.5
            --pids-limit 0                   | the pids limit must be 1 to 4194304 processes, not 0
            --pids-limit x                   | pids-limit must be a number of processes, not "x"
            --seccomp-profile default.json   | seccomp-profile must be unconfined, builtin or an absolute path
            --metrics-addr 0.0.0.0:9323      | metrics-addr must be an address of loopback, such as 127.0.0.1:9323
            --metrics-addr localhost:9323    | must have an IP address, not a name
            --metrics-addr 127.0.0.1         | must have an IP address and a port
            --legacy-plugin-sockets s        | legacy-plugin-sockets must be an absolute path
            --legacy-plugin-specs s          | legacy-plugin-specs must be an absolute path
            --legacy-plugin-specs /run/docker/plugins | a folder is named twice
            --no-legacy-plugins --legacy-plugin-specs /s | --no-legacy-plugins stands against folders
            --auth-token-file t              | auth-token-file must be an absolute path
            --pidfile p                      | pidfile must be an absolute path
            """)
    void refusesWithARemedy(String flags, String message) {
        assertThatThrownBy(() -> Configuration.of(CommandLineFixture.given(flags.split(" "))))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"tcp://127.0.0.1:0", "tcp://127.9.9.9:1", "tcp://[::1]:2375"})
    void servesLoopbackWithoutCertificates(String host) {
        assertThat(Configuration.of(CommandLineFixture.given("-H", host)).listening().addresses())
                .extracting(Object::toString)
                .containsExactly(host);
    }

    @Test
    void servesOtherMachinesWithoutCertificatesOnlyWhenTheRiskIsNamed() {
        Given given = CommandLineFixture.given("-H", "tcp://0.0.0.0:1", "--allow-unauthenticated-tcp");
        assertThat(Configuration.of(given).listening().unauthenticatedTcp()).isTrue();
    }

    @Test
    void refusesASocketPathThatTheKernelWouldNotTake() {
        String longest = "/" + "s".repeat(106);
        assertThat(
                Configuration.of(CommandLineFixture.given("-H", "unix://" + longest)).listening().addresses())
                .hasSize(1);
        assertThatThrownBy(() -> Configuration.of(CommandLineFixture.given("-H", "unix://" + longest + "s")))
                .hasMessageContaining(
                        "is 108 bytes long and the kernel takes at most 107; choose a shorter path");
        assertThatThrownBy(
                () -> Configuration.of(CommandLineFixture.given("-H", "unix:///" + "ü".repeat(54))))
                .hasMessageContaining("is 109 bytes long");
    }

    @Test
    void refusesAnExecRootBelowWhichNoPluginSocketFits() {
        String longest = "/" + "x".repeat(28);
        assertThat(Configuration.of(CommandLineFixture.given("--exec-root", longest)).folders().execRoot())
                .hasToString(longest);
        assertThatThrownBy(() -> Configuration.of(CommandLineFixture.given("--exec-root", longest + "x")))
                .hasMessageContaining("is 30 bytes long")
                .hasMessageContaining("choose an --exec-root of at most 29 bytes");
    }
}
