package dev.patchbay.web.metrics;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.authz.AuthzWorld;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.web.Authorization;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.RawClient;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.TestServer;
import dev.patchbay.web.Tokens;
import dev.patchbay.web.feed.EventHub;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may read the page of metrics: whoever may read the rest of the API. */
@Timeout(60)
class GuardedMetricsTest {
    private final AuthzWorld world = new AuthzWorld();
    private final MetricsPage page = new MetricsPage();

    GuardedMetricsTest() {
        page.show(world.plugins(), new EventHub(world.plugins()));
    }

    @AfterEach
    void close() {
        page.close();
        world.close();
    }

    @Test
    void anAuthorizationPluginMayKeepMetricsFromSomebody() throws Exception {
        ScriptedPlugin authz = world.enabled("authz");
        try (var server = TestServer.start(List.of(page.route()), config -> config
                .authorization(new Authorization(world.chain(), Optional.empty())))) {
            assertThat(server.get("/metrics")).startsWith("HTTP/1.1 200 ")
                    .contains("patchbay_plugins{state=\"running\"} 1");
            authz.on(REQUEST, Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}"));
            assertThat(server.get("/metrics")).startsWith("HTTP/1.1 403 ")
                    .contains("authorization denied by plugin authz:latest: not you")
                    .doesNotContain("patchbay_plugins");
            authz.on(REQUEST, ALLOW);
            assertThat(server.get("/metrics")).startsWith("HTTP/1.1 200 ");
            assertThat(authz.received(REQUEST)).hasSize(3)
                    .allSatisfy(
                            question -> assertThat(question.text()).contains("\"RequestUri\":\"/metrics\""));
            authz.on(RESPONSE, Behaviour.json("{\"Allow\":false,\"Msg\":\"not this\"}"));
            assertThat(server.get("/metrics")).startsWith("HTTP/1.1 403 ")
                    .contains("not this")
                    .doesNotContain("patchbay_plugins");
        }
    }

    @Test
    void whoMustKnowATokenMustKnowItForMetricsToo() throws Exception {
        var config = ServerConfig.of(List.of(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty())),
                server -> server.tokens(new Tokens(List.of("0123456789abcdef"))));
        PluginServer server = TestServer.bind(config, List.of(page.route()));
        try {
            assertThat(get(server, "")).startsWith("HTTP/1.1 401 ").doesNotContain("patchbay_plugins");
            assertThat(get(server, "Authorization: Bearer another-one-0123\r\n"))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(get(server, "Authorization: Bearer 0123456789abcdef\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("# TYPE patchbay_plugins gauge");
        } finally {
            server.close().block(Duration.ofSeconds(20));
        }
    }

    private static String get(PluginServer server, String headers) throws Exception {
        var address = (ListenAddress.Tcp) server.addresses().getFirst();
        try (var client = RawClient.connect(new InetSocketAddress(address.host(), address.port()))) {
            return client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                    + "\r\n").readAll();
        }
    }
}
