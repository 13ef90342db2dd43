package dev.patchbay.web.daemon;

import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.ServerConfig.PlainTcp;
import java.util.List;
import reactor.core.publisher.Mono;

/** The parts of the daemon at work. */
final class Daemon {
    private final PluginServer server;

    private Daemon(PluginServer server) {
        this.server = server;
    }

    /**
     * Opens all parts. <b>Cold.</b>
     *
     * @return the daemon, once it accepts requests; fails with a sentence if a part cannot be opened, and nothing stays
     *     open then
     */
    static Mono<Daemon> open(Configuration configuration) {
        return PluginServer.bind(serverConfig(configuration.listening()), new RouteTable(List.of()))
                .map(Daemon::new);
    }

    private static ServerConfig serverConfig(Configuration.Listening listening) {
        return ServerConfig.of(
                listening.addresses(),
                config -> config.plainTcp(
                        listening.unauthenticatedTcp()
                                ? PlainTcp.EVERYWHERE_AT_OWN_RISK
                                : PlainTcp.LOOPBACK_ONLY));
    }

    /** Where it accepts requests. */
    List<ListenAddress> addresses() {
        return server.addresses();
    }

    /** Stops listening, then all plugins, then everything else. */
    Mono<Void> close() {
        return server.close();
    }
}
