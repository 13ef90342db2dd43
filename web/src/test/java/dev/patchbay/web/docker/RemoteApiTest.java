package dev.patchbay.web.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PullProgress;
import dev.patchbay.PushProgress;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.Credentials;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.RawClient;
import dev.patchbay.web.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

/** The routes that talk to registries, on the wire. */
@Timeout(60)
class RemoteApiTest {
    private static final Digest DIGEST = Digest.sha256(new byte[0]);
    private static final PullProgress RESOLVED = new PullProgress.Resolved(Reference.parse("me/two:1"),
            DIGEST);
    private static final String ASKED = "[{\"Name\":\"network\",\"Description\":\"permissions to access a network\","
            + "\"Value\":[\"host\"]},{\"Name\":\"mount\",\"Description\":\"host path to mount\",\"Value\":[\"/tmp\"]},"
            + "{\"Name\":\"device\",\"Description\":\"host device to access\",\"Value\":[\"/dev/fuse\"]},"
            + "{\"Name\":\"capabilities\",\"Description\":\"list of additional capabilities required\","
            + "\"Value\":[\"CAP_SYS_ADMIN\"]}]";

    private final FakePlugins plugins = new FakePlugins().with(Samples.stopped(Samples.plugin("me/one", 'a')))
            .published("me/two:1", Samples.CONFIG)
            .published("me/modest",
                    "{\"entrypoint\":[\"/p\"],\"interface\":{\"types\":[\"docker.dummy/1.0\"],"
                            + "\"socket\":\"s.sock\"}}");
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(Samples.routes(plugins));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void asksForThePrivilegesOfAPublishedPlugin() throws Exception {
        assertThat(body(server.get("/plugins/privileges?remote=docker.io/me/two:1"))).isEqualTo(ASKED + "\n");
        assertThat(body(server.get("/plugins/privileges?remote=me/modest"))).isEqualTo("null\n");
    }

    @Test
    @DisplayName("D1: a failure to ask for privileges is a failure, not an empty list")
    void failsToAskForPrivilegesWithAStatusD1() throws Exception {
        assertThat(server.get("/plugins/privileges?remote=me/nowhere")).startsWith("HTTP/1.1 404 ")
                .endsWith("{\"message\":\"the registry has no docker.io/me/nowhere:latest\"}\n");
    }

    @Test
    @DisplayName("D1: denied access is said, in a way that docker does not take for a call to log in and wait")
    void saysThatAccessIsDeniedD1() throws Exception {
        assertThat(server.get("/plugins/privileges?remote=me/secret")).startsWith("HTTP/1.1 403 ")
                .endsWith("{\"message\":\"pull access denied: docker.io/me/secret:latest\"}\n");
        assertThat(post("/plugins/pull?remote=me/secret", "", "[]")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void installsAndTellsHowFarItIs() throws Exception {
        String answer = post("/v1.50/plugins/pull?remote=me/two:1&name=docker.io/library/two", "", ASKED);
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: application/json\r\n", "\r\nDocker-Plugin-Name: two:latest\r\n",
                        "\r\nApi-Version: 1.51\r\n")
                .containsSubsequence("{\"status\":\"Pulling from me/two\",\"id\":\"1\"}\r\n",
                        "{\"status\":\"Digest: " + DIGEST + "\"}\r\n", "\"status\":\"Downloading\"",
                        "\"status\":\"Complete\"");
        assertThat(server.get("/plugins/two/json")).contains("\"PluginReference\":\"docker.io/me/two:1\"");
    }

    @ParameterizedTest
    @CsvSource({"me/two:1, me/two:1", "docker.io/library/u, u:latest"})
    void namesAPluginByItsReferenceIfItHasNoAlias(String remote, String name) throws Exception {
        plugins.published(remote, Samples.CONFIG);
        assertThat(post("/plugins/pull?name=&remote=" + remote, "", ASKED))
                .contains("Docker-Plugin-Name: " + name);
    }

    @Test
    @DisplayName("D4: a taken name is a conflict for whoever installs, too")
    void refusesATakenNameD4() throws Exception {
        assertThat(post("/plugins/pull?remote=me/two:1&name=me/one", "", ASKED)).startsWith("HTTP/1.1 409 ")
                .contains("Docker-Plugin-Name: me/one:latest", "plugin me/one:latest already exists");
    }

    @Test
    void refusesOtherPrivilegesThanThoseThatAreAsked() throws Exception {
        assertThat(post("/plugins/pull?remote=me/two:1", "", "null")).startsWith("HTTP/1.1 403 ")
                .contains("{\"message\":\"incorrect privileges\"}");
    }

    @Test
    void readsPrivilegesAsLooselyAsDockerDoes() throws Exception {
        String loose = "[{\"name\":\"network\",\"VALUE\":[\"host\"],\"x\":1},{\"Name\":\"mount\",\"Value\":[\"/tmp\"]},"
                + "{\"Name\":\"device\",\"Description\":null,\"Value\":[\"/dev/fuse\"]},"
                + "{\"Name\":\"capabilities\",\"Value\":[\"CAP_SYS_ADMIN\"]}]";
        assertThat(post("/plugins/pull?remote=me/two:1", "", loose)).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{}                             | cannot unmarshal object into Go value of type plugin.Privileges",
            "[1]                            | cannot unmarshal number into Go value of type plugin.Privilege",
            "[{\"Name\":[]}]                | cannot unmarshal array into Go struct field Privilege.Name of type string",
            "[{\"Value\":\"x\"}]            | into Go struct field Privilege.Value of type []string",
            "[{\"Value\":[true]}]           | into Go struct field Privilege.Value of type string",
            "[] x                           | unexpected content after JSON",
            "{invalid json                  | invalid JSON: "})
    void refusesABodyThatIsNoListOfPrivileges(String sent, String message) throws Exception {
        for (String path : List.of("/plugins/pull?remote=me/two:1",
                "/plugins/me/one/upgrade?remote=me/two:1")) {
            assertThat(post(path, "", sent)).startsWith("HTTP/1.1 400 ").contains(message);
        }
        assertThat(RawClient.exchange(server.socket(),
                "POST /plugins/pull HTTP/1.1\r\nHost: d\r\nConnection: close\r\n"
                        + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n[]"))
                .contains("unsupported Content-Type header (text/plain): must be 'application/json'");
    }

    @Test
    void answersAnEarlyFailureWithItsStatus() throws Exception {
        plugins.pulling(Flux.error(new RemoteDeniedException("r.example refuses the password", null)));
        assertThat(post("/plugins/pull?remote=me/two:1", "", ASKED)).startsWith("HTTP/1.1 401 ")
                .contains("\r\nContent-Type: application/json\r\n")
                .endsWith("{\"message\":\"r.example refuses the password\"}\n");
        plugins.pulling(Flux.error(new RemoteFailedException("r.example does not answer", null)));
        assertThat(post("/plugins/me/one/upgrade?remote=me/two:1", "", ASKED)).startsWith("HTTP/1.1 502 ");
        plugins.pulling(Flux.error(new UnusableImageException("it is an ordinary image", null)));
        assertThat(post("/plugins/me/one/upgrade?remote=me/two:1", "", ASKED)).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void putsALateFailureIntoTheStream() throws Exception {
        plugins.pulling(Flux.just(RESOLVED)
                .concatWith(Flux.error(new RemoteFailedException("r.example broke off", null))));
        assertThat(post("/plugins/pull?remote=me/two:1", "", ASKED)).startsWith("HTTP/1.1 200 ")
                .contains(
                        "{\"errorDetail\":{\"message\":\"r.example broke off\"},\"error\":\"r.example broke off\"}\r\n");
    }

    @Test
    void upgradesByNameAndByIdD4() throws Exception {
        for (String name : List.of("me/one", "aaaa", "a".repeat(64))) {
            assertThat(post("/plugins/" + name + "/upgrade?remote=me/two:1", "", ASKED))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\nDocker-Plugin-Name: me/one:latest\r\n", "Pulling from me/two");
        }
        plugins.enable("me/one", Duration.ofSeconds(1)).block();
        assertThat(post("/plugins/me/one/upgrade?remote=me/two:1", "", ASKED)).startsWith("HTTP/1.1 409 ")
                .contains("plugin must be disabled before upgrading: plugin me/one:latest is enabled");
    }

    @Test
    void pushesAndTellsHowFarItIs() throws Exception {
        plugins.pushing(Flux.just(new PushProgress.Started(Reference.parse("me/one:latest")),
                new PushProgress.Blob(DIGEST, PushProgress.Phase.UPLOADING, 1, 2),
                new PushProgress.Done("latest", DIGEST, 418)));
        assertThat(post("/plugins/me/one:latest/push", "", "")).startsWith("HTTP/1.1 200 ")
                .containsSubsequence("The push refers to repository [me/one]", "Uploading",
                        "{\"progressDetail\":{},\"aux\":{\"Tag\":\"latest\",\"Digest\":\"" + DIGEST
                                + "\",\"Size\":418}}\r\n");
    }

    @Test
    @DisplayName("D23: credentials and X-Meta headers of the request reach the registry")
    void passesOnWhoAsksD23() throws Exception {
        String auth = Base64.getUrlEncoder()
                .encodeToString("{\"username\":\"me\",\"password\":\"x\"}".getBytes(UTF_8));
        String headers = "X-Registry-Auth: " + auth + "\r\nX-Meta-Who: you\r\n";
        for (String path : List.of("/plugins/pull?remote=me/two:1", "/plugins/me/one/upgrade?remote=me/two:1",
                "/plugins/me/one/push")) {
            plugins.privileges(Reference.parse("me/modest"), RegistryAccess.ANONYMOUS).block();
            post(path, headers, path.endsWith("push") ? "" : ASKED);
            assertThat(plugins.lastAccess().credentials()).as(path)
                    .isEqualTo(new Credentials.Password("me", "x"));
            assertThat(plugins.lastAccess().headers()).as(path)
                    .isEqualTo(Map.of("X-Meta-Who", List.of("you")));
        }
        server.send("GET", "/plugins/privileges?remote=me/modest", "X-Registry-Auth: e30=", "X-Meta-A: b");
        assertThat(plugins.lastAccess().headers()).isEqualTo(Map.of("X-Meta-A", List.of("b")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"username\":\"me\",\"password\":\"pa:ss\",\"serveraddress\":\"r\"} | 200 | {\"Status\":\"Login Succeeded\",\"IdentityToken\":\"\"}",
            "{\"auth\":\"bWU6cGE6c3M=\",\"serveraddress\":\"tokens.example\"}  | 200 | \"IdentityToken\":\"tok\"",
            "{\"username\":\"me\",\"password\":\"no\",\"serveraddress\":\"r\"} | 401 | {\"message\":\"r refuses the user name",
            "{\"username\":\"me\",\"password\":\"x\",\"serveraddress\":\"down.example\"} | 502 | down.example: no answer",
            "{\"username\":\"me\",\"password\":\"x\",\"serveraddress\":\"gone.example\"} | 404 | gone.example is no registry",
            "{\"username\":\"me\"}                                         | 400 | a login needs a user name and a password",
            "[]                                                            | 400 | cannot unmarshal array"})
    void logsIn(String sent, int status, String words) throws Exception {
        assertThat(post("/auth", "", sent)).startsWith("HTTP/1.1 " + status + " ").contains(words);
    }

    private String post(String path, String headers, String body) throws IOException {
        return RawClient.exchange(server.socket(),
                "POST " + path + " HTTP/1.1\r\nHost: d\r\nConnection: close\r\n"
                        + (body.isEmpty() ? "" : "Content-Type: application/json\r\n") + headers
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
