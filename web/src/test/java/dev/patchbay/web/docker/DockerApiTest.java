package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginView;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.limits.Seccomp;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.RawClient;
import dev.patchbay.web.TestServer;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DockerApiTest {
    private static final String OBJECT = """
            {"Config":{"Args":{"Description":"","Name":"","Settable":null,"Value":null},\
            "Description":"A sample <plugin> & more","Documentation":"","Entrypoint":["/bin/p"],\
            "Env":[{"Description":"","Name":"DEBUG","Settable":["value"],"Value":"0"}],\
            "Interface":{"Socket":"p.sock","Types":["docker.volumedriver/1.0"]},"IpcHost":false,\
            "Linux":{"AllowAllDevices":false,"Capabilities":["CAP_SYS_ADMIN"],\
            "Devices":[{"Description":"","Name":"d","Path":"/dev/fuse","Settable":null}]},\
            "Mounts":[{"Description":"","Destination":"/x","Name":"m","Options":["rbind"],"Settable":["source"],\
            "Source":"/tmp","Type":"bind"}],"Network":{"Type":"host"},"PidHost":false,"PropagatedMount":"/data",\
            "User":{},"WorkDir":""},"Enabled":false,"Id":"%s","Name":"me/one:latest",\
            "PluginReference":"docker.io/me/one:latest",\
            "Settings":{"Args":[],"Devices":[{"Description":"","Name":"d","Path":"/dev/fuse","Settable":null}],\
            "Env":["DEBUG=0"],"Mounts":[{"Description":"","Destination":"/x","Name":"m","Options":["rbind"],\
            "Settable":["source"],"Source":"/tmp","Type":"bind"}]},\
            "Status":{"State":"backing-off","Since":"2026-11-23T21:00:00.123456789Z","Generation":3,"Restarts":2,\
            "LastExit":{"Signal":9,"OOMKilled":true},"LastErrorLines":["no memory","bye"],\
            "Reason":"was killed by signal 9 (out of memory)","NextTry":"2026-11-23T21:00:01.123456789Z"}}\
            """.formatted("a".repeat(64));

    private final FakePlugins plugins = new FakePlugins()
            .with(Samples.crashed(Samples.plugin("me/one", 'a')));
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
    void inspectsToTheByte() throws Exception {
        assertThat(body(server.get("/v1.50/plugins/me/one/json"))).isEqualTo(OBJECT + "\n");
    }

    @Test
    void listsToTheByte() throws Exception {
        assertThat(body(server.get("/plugins"))).isEqualTo("[" + OBJECT + "]\n");
        assertThat(body(server.get("/plugins"))).isEqualTo("[" + OBJECT + "]\n");
        assertThat(body(server.get("/plugins?filters=%7B%22enabled%22%3A%5B%22true%22%5D%7D")))
                .isEqualTo("[]\n");
    }

    @Test
    @DisplayName("D6: a list after a change shows the change, in the order of names")
    void listsWhatIsTrueNowD6() throws Exception {
        server.get("/plugins");
        plugins.with(Samples.stopped(Samples.plugin("a", 'b')));
        InstalledPlugin enabled = Samples.plugin("me/one", 'a').withEnabled(true);
        plugins.with(new PluginView(enabled, Samples.crashed(enabled).status()));
        assertThat(body(server.get("/plugins")))
                .containsSubsequence("\"Name\":\"a:latest\"", "\"Enabled\":true",
                        "\"Name\":\"me/one:latest\"");
    }

    @Test
    void showsLimitsInTheWordsOfHostConfigWhereThereAreAny() throws Exception {
        assertThat(body(server.get("/plugins"))).doesNotContain("Limits");
        PluginView view = Samples.stopped(Samples.plugin("me/one", 'a'));
        var limits = new PluginLimits(OptionalLong.of(8 << 20), OptionalLong.of(500_000_000),
                OptionalLong.of(7), true,
                false, new Seccomp.Builtin());
        plugins.with(new PluginView(view.plugin(), view.status(), view.previousReference(), view.inUseBy(),
                LimitOverrides.NONE, limits));
        assertThat(body(server.get("/plugins")))
                .endsWith("\"Limits\":{\"Memory\":8388608,\"NanoCpus\":500000000,"
                        + "\"PidsLimit\":7,\"NoNewPrivileges\":true,\"ReadonlyRootfs\":false,\"Seccomp\":\"builtin\"}}]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plugins/me/one/json", "/v1.24/plugins/me%2Fone:latest/json",
            "/v1.41./plugins/docker.io/me/one/json", "/plugins/aaa/json"})
    void findsAPluginByEveryName(String path) throws Exception {
        assertThat(server.get(path)).startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: application/json\r\n",
                        "\r\nApi-Version: 1.51\r\n", "\r\nOstype: linux\r\n",
                        "\r\nServer: Docker/0.1.0 (linux)\r\n",
                        "\r\nDocker-Experimental: false\r\n");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', value = {
            "GET     | /plugins/nope/json                    | 404 | plugin \\\"nope\\\" not found",
            "GET     | /plugins/                             | 404 | page not found",
            "PUT     | /plugins                              | 404 | page not found",
            "HEAD    | /plugins                              | 404 | ",
            "DELETE  | /plugins/                             | 404 | plugin \\\"\\\" not found",
            "POST    | /plugins/me/one/enable                | 400 | the timeout \\\"\\\" is not a whole number",
            "POST    | /plugins/me/one/enable?timeout=-1     | 400 | the timeout -1 is out of range",
            "POST    | /plugins/me/one/enable?timeout=3601   | 400 | the timeout 3601 is out of range",
            "POST    | /plugins/me/one/enable?timeout=99999999999999999999 | 400 | is not a whole number of seconds",
            "POST    | /plugins/me/one/disable               | 409 | plugin is already disabled: plugin me/one:latest",
            "POST    | /plugins/create?name=BAD              | 400 | must be lowercase",
            "POST    | /plugins/create?name=me/one           | 409 | plugin me/one:latest already exists",
            "POST    | /plugins/create?name=two              | 400 | config not found",
            "POST    | /plugins/pull                         | 400 | invalid reference format",
            "POST    | /plugins/pull?remote=a@sha256:1       | 400 | invalid reference format",
            "POST    | /plugins/pull?remote=a&name=A         | 400 | must be lowercase",
            "POST    | /plugins/pull?remote=a&name=a@sha256:%s | 400 | cannot use digest in plugin tag",
            "POST    | /plugins/pull?remote=nope             | 404 | the registry has no docker.io/library/nope:latest",
            "POST    | /plugins/pull?remote=x&name=me/one    | 409 | plugin me/one:latest already exists",
            "GET     | /plugins/privileges                   | 400 | invalid reference format",
            "GET     | /plugins/privileges?remote=A          | 400 | must be lowercase",
            "POST    | /plugins/nope/upgrade?remote=a        | 404 | plugin \\\"nope\\\" not found",
            "POST    | /plugins/me/one/upgrade               | 400 | invalid reference format",
            "POST    | /v1.25/plugins/me/one/upgrade         | 400 | POST /plugins/{name:.*}/upgrade requires minimum API",
            "POST    | /plugins/nope/push                    | 404 | plugin \\\"nope\\\" not found",
            "POST    | /auth                                 | 400 | cannot unmarshal null into Go value",
            "GET     | /plugins?filters=x                    | 400 | invalid filter",
            "GET     | /events?since=x                       | 400 | invalid value for 'since'",
            "GET     | /v1.52/plugins                        | 400 | client version 1.52 is too new. Maximum supported",
            "GET     | /v1.52/nowhere                        | 404 | page not found",
            "GET     | /containers/x/json                    | 404 | No such container: x",
            "GET     | /services                             | 503 | not a swarm manager",
            "POST    | /containers/create                    | 501 | nothing else"})
    void refuses(String method, String path, int status, String message) throws Exception {
        String answer = server.send(method, path.replace("%s", "a".repeat(64)), "Content-Length: 0");
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\nContent-Type: application/json\r\n");
        assertThat(body(answer)).contains(message == null ? "" : message);
    }

    @Test
    void tellsAnAncientClientInPlainText() throws Exception {
        assertThat(server.get("/v1.23/plugins"))
                .startsWith("HTTP/1.1 400 ")
                .contains("\r\nContent-Type: text/plain; charset=utf-8\r\n", "\r\nApi-Version: 1.51\r\n")
                .doesNotContain("Docker-Experimental")
                .endsWith(
                        "\r\n\r\nclient version 1.23 is too old. Minimum supported API version is 1.24, please upgrade"
                                + " your client to a newer version\n");
    }

    @Test
    void pingsWithTheHeadersThatClientsNegotiateBy() throws Exception {
        assertThat(server.get("/_ping")).startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\nOK")
                .contains(
                        "\r\nContent-Type: text/plain; charset=utf-8\r\n", "\r\nApi-Version: 1.51\r\n",
                        "\r\nCache-Control: no-cache, no-store, must-revalidate\r\n",
                        "\r\nPragma: no-cache\r\n",
                        "\r\nSwarm: inactive\r\n");
        assertThat(server.send("HEAD", "/_ping")).startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n")
                .contains("\r\ncontent-length: 0\r\n");
    }

    @Test
    void sendsNoBodyToHead() throws Exception {
        assertThat(server.send("HEAD", "/plugins")).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
    }

    @Test
    void answersOptionsOnAnythingAndAllowsNoOrigin() throws Exception {
        assertThat(server.send("OPTIONS", "/plugins", "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n")
                .doesNotContainIgnoringCase("access-control");
    }

    @ParameterizedTest
    @CsvSource({"0, 30", "7, 7", "+7, 7", "3600, 3600"})
    void readsTheTimeoutInSeconds(String sent, long seconds) throws Exception {
        assertThat(server.send("POST", "/plugins/me/one/enable?timeout=" + sent.replace("+", "%2B"),
                "Content-Length: 0"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(plugins.lastTimeout()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    @SuppressWarnings("StringConcatToTextBlock") // HTTP has line ends of its own
    void takesParametersFromAForm() throws Exception {
        assertThat(RawClient.exchange(server.socket(),
                "POST /plugins/me/one/enable?timeout=x HTTP/1.1\r\nHost: d\r\n"
                        + "Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"
                        + "timeout=5"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(plugins.lastTimeout()).hasSeconds(5);
    }

    @Test
    void sendsTheHeadersOfEventsAtOnceAndMissesNothingAfterThem() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /events HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("\r\n\r\n");
            server.send("POST", "/plugins/me/one/enable?timeout=1", "Content-Length: 0");
            assertThat(client.readUntil("\n\r\n")).contains("\"Action\":\"enable\"",
                    "\"name\":\"me/one:latest\"");
        }
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
