package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.registry.RealRegistry;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.RequiresDocker;
import dev.patchbay.web.daemon.DaemonWorld.Answer;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** New versions, old versions, and plugins that travel as files. */
@RequiresRoot
@RequiresDocker
@Timeout(180)
class UpgradeRoundIT {
    @RegisterExtension
    static final RealRegistry REGISTRY = RealRegistry.open();

    private static final byte[] NOTHING = {};

    @AutoClose
    private final DaemonWorld world = DaemonWorld.start();

    private final String name = REGISTRY.get().address() + "/me/r"
            + Math.floorMod(System.nanoTime(), 1_000_000_000);

    @Test
    @DisplayName("D17: settings are carried over, what is lost is said, and the version before is kept")
    void upgradesAndGoesBackD17() throws Exception {
        world.publish(name + ":1");
        world.publish(name + ":2", world.sample("SAMPLE_LOG_WIDTH", "SAMPLE_LOG_BREADTH"));
        world.ok("plugin", "install", "--alias", "p", name + ":1", "SAMPLE_GREETING=servus",
                "SAMPLE_LOG_WIDTH=9");

        assertThat(world.failure("plugin", "upgrade", "--skip-remote-check", "p", name + ":2"))
                .contains("the plugin must be disabled before upgrading");
        world.ok("plugin", "disable", "p");
        assertThat(world.ok("plugin", "upgrade", "--skip-remote-check", "p", name + ":2"))
                .contains("Upgrading plugin p:latest from " + name + ":1 to " + name + ":2",
                        "Settings not carried over: SAMPLE_LOG_WIDTH", "Upgraded plugin p");
        assertThat(world.inspect("p", "{{.PluginReference}} {{.Settings.Env}}"))
                .startsWith(name + ":2 ")
                .contains("SAMPLE_GREETING=servus", "SAMPLE_LOG_BREADTH=0")
                .doesNotContain("SAMPLE_LOG_WIDTH");
        assertThat(world.call(HttpMethod.GET, "plugins/p", NOTHING).text())
                .contains("\"previousReference\":\"" + name + ":1\"");
        world.ok("plugin", "enable", "p");

        assertThat(world.call(HttpMethod.POST, "plugins/p/rollback", NOTHING).status()).isEqualTo(409);
        world.ok("plugin", "disable", "p");
        assertThat(world.call(HttpMethod.POST, "plugins/p/rollback", NOTHING).status()).isEqualTo(204);
        world.restart();
        assertThat(world.inspect("p", "{{.PluginReference}} {{.Settings.Env}}"))
                .startsWith(name + ":1 ")
                .contains("SAMPLE_GREETING=servus", "SAMPLE_LOG_WIDTH=9");
        world.ok("plugin", "enable", "p");
    }

    @Test
    void upgradesFromWhereItWasInstalledAndKeepsTheOldVersionIfThatFails() throws Exception {
        world.publish(name + ":1");
        world.ok("plugin", "install", "--disable", "--alias", "p", name + ":1");
        world.publish(name + ":1", world.sample("hello", "servus"));

        assertThat(world.failure("plugin", "upgrade", "--skip-remote-check", "p", name + ":gone"))
                .contains("not found");
        assertThat(world.inspect("p", "{{.Settings.Env}}")).contains("SAMPLE_GREETING=hello");
        world.ok("plugin", "upgrade", "p");
        assertThat(world.inspect("p", "{{.PluginReference}} {{.Settings.Env}}")).startsWith(name + ":1 ")
                .contains("SAMPLE_GREETING=servus");
        world.ok("plugin", "enable", "p");
    }

    @Test
    void travelsAsAFile() throws Exception {
        world.ok("plugin", "create", "p", world.sample("\"type\": \"\"", "\"type\": \"host\"").toString());
        Answer exported = world.call(HttpMethod.GET, "plugins/p/export", NOTHING);
        assertThat(exported.status()).isEqualTo(200);

        Answer refused = world.call(HttpMethod.POST, "plugins/import?name=q", exported.body());
        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        assertThat(world.ok("plugin", "ls", "-q")).hasLineCount(1);
        String asked = refused.text().replaceAll("(?s).*\"privileges\":(\\[.*])}\\s*", "$1");
        Answer granted = world.call(HttpMethod.POST, "plugins/import?name=q&privileges="
                + URLEncoder.encode(asked, StandardCharsets.UTF_8), exported.body());
        assertThat(granted.status()).as(granted.text()).isEqualTo(201);
        assertThat(world.call(HttpMethod.POST, "plugins/import?name=r&grant=all", exported.body()).status())
                .isEqualTo(201);
        world.ok("plugin", "enable", "q");
        world.ok("plugin", "enable", "r");

        assertThat(world.call(HttpMethod.POST, "plugins/import?name=s", new byte[2000]).status())
                .isEqualTo(400);
        assertThat(world.call(HttpMethod.POST, "gc?dryRun=true", NOTHING).text())
                .contains("\"unreferenced\":0");
    }
}
