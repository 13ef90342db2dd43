package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigFileTest {
    @TempDir
    @SuppressWarnings("NullAway") // JUnit fills it in
    private Path folder;

    @Test
    void readsEverySetting() throws IOException {
        Given given = ConfigFile.read(file("""
                {
                  "root": "/r", "exec-root": "/x", "hosts": ["unix:///a", "tcp://127.0.0.1:1"], "group": "docker",
                  "default-runtime": "slow", "conmon": "/opt/conmon",
                  "runtimes": {"slow": {"path": "/opt/slow", "runtimeArgs": ["--debug", "a b"]}, "c": {"path": "crun"}},
                  "tlsverify": true, "tlscacert": "/ca", "tlscert": "/cert", "tlskey": "/key",
                  "allow-unauthenticated-tcp": false, "log-level": "warn", "log-format": "json",
                  "pidfile": "/p", "shutdown-timeout": 12, "live-restore": true,
                  "insecure-registries": ["10.0.0.0/8"], "registry-mirrors": ["https://mirror.example"], "max-concurrent-downloads": 5,
                  "max-concurrent-starts": 1, "max-context-entries": 2, "max-context-path": 3, "max-context-size": 4,
                  "auth-token-file": "/t", "event-durability": "sync", "event-max-count": 5, "event-max-age": 6,
                  "event-max-size": 7000000, "event-heartbeat": 8, "event-slow-timeout": 9,
                  "authorization-plugins": ["a", "b:1"], "authz-root-recovery": true,
                  "legacy-plugin-sockets": "/s", "legacy-plugin-specs": ["/e", "/l"], "no-legacy-plugins": false,
                  "memory-limit": 8388608, "cpu-limit": "0.5", "pids-limit": 7, "no-new-privileges": true,
                  "read-only-rootfs": false, "seccomp-profile": "unconfined", "metrics-addr": "[::1]:9323"
                }
                """));
        assertThat(given.texts())
                .hasSize(Setting.values().length - 2)
                .containsEntry(Setting.HOST, List.of("unix:///a", "tcp://127.0.0.1:1"))
                .containsEntry(Setting.SHUTDOWN_TIMEOUT, List.of("12"))
                .containsEntry(Setting.CONMON, List.of("/opt/conmon"))
                .containsEntry(Setting.LIVE_RESTORE, List.of("true"))
                .containsEntry(Setting.INSECURE_REGISTRY, List.of("10.0.0.0/8"))
                .containsEntry(Setting.REGISTRY_MIRROR, List.of("https://mirror.example"))
                .containsEntry(Setting.TLSVERIFY, List.of("true"))
                .containsEntry(Setting.ALLOW_UNAUTHENTICATED_TCP, List.of("false"));
        assertThat(given.runtimes())
                .isEqualTo(
                        Map.of(
                                "slow", new OciRuntime("/opt/slow", List.of("--debug", "a b")),
                                "c", new OciRuntime("crun", List.of())));
        assertThat(Configuration.of(given).runtimes().used()).isEqualTo("slow");
        assertThat(Configuration.of(given).authorizing())
                .isEqualTo(new Configuration.Authorizing(List.of("a", "b:1"), true));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"host": ["unix:///a"]}        | has the key "host", which is no setting; did you mean "hosts"?
            {"shutdown_timeout": 1}        | did you mean "shutdown-timeout"?
            {"Root": "/a"}                 | did you mean "root"?
            {"config-file": "/a"}          | has the key "config-file", which is no setting
            {"storage-driver": "overlay2"} | has the key "storage-driver", which is no setting
            {"hosts": "unix:///a"}         | must have a list of strings for "hosts"
            {"hosts": [1]}                 | must have a list of strings for "hosts"
            {"root": ["/a"]}               | must have a string or a whole number for "root"
            {"root": null}                 | must have a string or a whole number for "root"
            {"shutdown-timeout": 1.5}      | must have a string or a whole number for "shutdown-timeout"
            {"tlsverify": "true"}          | must have true or false for "tlsverify"
            {"runtimes": []}               | must have an object for "runtimes"
            {"runtimes": {"x": "/a"}}      | must have an object with a "path" for "runtimes.x"
            {"runtimes": {"x": {}}}        | must have an object with a "path" for "runtimes.x"
            {"runtimes": {"x": {"path": "/a", "args": []}}} | has the key "runtimes.x.args"
            {"runtimes": {"x y": {"path": "/a"}}} | runtime name "x y" must be
            {"root": "/a", "root": "/b"}   | is not valid JSON
            {"root": "/a"} {}              | is not valid JSON
            {"root": "/a"                  | is not valid JSON
            []                             | must hold one JSON object
            """)
    void refusesAndNamesTheFileAndThePlace(String json, String message) throws IOException {
        Path file = file(json);
        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesTheLineOfBrokenJson() throws IOException {
        Path file = file("{\n  \"root\": /a\n}");
        assertThatThrownBy(() -> ConfigFile.read(file))
                .hasMessageStartingWith("the configuration file " + file + " is not valid JSON: ")
                .hasMessageContaining("(line 2, column ");
    }

    @Test
    void takesAnEmptyFileForAnEmptyObject() throws IOException {
        assertThat(ConfigFile.read(file(""))).isEqualTo(Given.NOTHING);
    }

    @Test
    void missesOnlyAFileThatWasAskedFor() {
        Path missing = folder.resolve("missing.json");
        assertThat(ConfigFile.readIfPresent(missing)).isEqualTo(Given.NOTHING);
        assertThatThrownBy(() -> ConfigFile.read(missing))
                .hasMessage("the configuration file " + missing
                        + " does not exist; create it or leave out --config-file");
    }

    @Test
    void refusesAFolderAndAHugeFile() throws IOException {
        assertThatThrownBy(() -> ConfigFile.read(folder)).hasMessageContaining("cannot be read");
        Path huge = file(" ".repeat(ConfigFile.MAX_BYTES + 1));
        assertThatThrownBy(() -> ConfigFile.read(huge)).hasMessageContaining("is larger than 1048576 bytes");
    }

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("daemon.json"), json);
    }
}
