package dev.patchbay.web;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import reactor.netty.resources.LoopResources;

/**
 * How a server listens and what it puts up with. All limits hold per server.
 *
 * @param addresses where to listen, at least one
 * @param plainTcp where TCP without certificates is allowed
 * @param allowedHosts more names that the {@code Host} header may have on TCP
 * @param tokens what a client on TCP must know, if it must know anything; not on unix sockets, which have file permissions
 * @param authorization who must agree to requests, if anybody must
 * @param limits what a client may cost
 * @param eventLoops of the host, on which requests are served. The host ends them, after the server was closed; empty: the
 *     server has its own
 * @param closeTimeout how long {@link PluginServer#close} waits for requests under way
 */
public record ServerConfig(
        List<ListenAddress> addresses,
        PlainTcp plainTcp,
        Set<String> allowedHosts,
        Optional<Tokens> tokens,
        Optional<Authorization> authorization,
        Limits limits,
        Optional<LoopResources> eventLoops,
        Duration closeTimeout) {
    /** The default of {@code closeTimeout}. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** Copies. @throws IllegalArgumentException if there is no address */
    public ServerConfig {
        addresses = List.copyOf(addresses);
        allowedHosts = Set.copyOf(allowedHosts);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a server needs an address to listen on");
        }
    }

    /** Where TCP without certificates is allowed. Whoever can connect is root on the host. */
    public enum PlainTcp {
        /** On loopback addresses. */
        LOOPBACK_ONLY,
        /** Everywhere, at the operator's own risk. */
        EVERYWHERE_AT_OWN_RISK
    }

    /**
     * What a client may cost.
     *
     * @param maxBodyBytes the longest body of a request that is not streamed; longer: 413
     * @param maxHeaderBytes the longest header block; longer: 431 or 413 and the connection is closed
     * @param maxRequests requests under way, without streams that go on; more: 503
     * @param maxConnections open connections, and so streams; more are closed at once
     * @param idle how long a connection may wait between requests, a header may take to arrive, and a body may pause
     */
    public record Limits(int maxBodyBytes, int maxHeaderBytes, int maxRequests, int maxConnections,
            Duration idle) {
        /** 4 MiB, 64 KiB, 1024, 16,384, 2 minutes. */
        public static final Limits DEFAULTS = new Limits(4 << 20, 64 << 10, 1024, 16_384,
                Duration.ofMinutes(2));

        /** Checks that each is positive. */
        public Limits {
            if (maxBodyBytes < 1 || maxHeaderBytes < 1 || maxRequests < 1 || maxConnections < 1) {
                throw new IllegalArgumentException("limits must be positive");
            }
            if (!idle.isPositive()) {
                throw new IllegalArgumentException("idle must be positive, not " + idle);
            }
        }
    }

    /** Defaults, changed by the caller. */
    public static ServerConfig of(List<ListenAddress> addresses, Consumer<Builder> changes) {
        var builder = new Builder();
        changes.accept(builder);
        return new ServerConfig(addresses, builder.plainTcp, builder.allowedHosts, builder.tokens,
                builder.authorization, builder.limits, builder.eventLoops, builder.closeTimeout);
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {
        private PlainTcp plainTcp = PlainTcp.LOOPBACK_ONLY;
        private Set<String> allowedHosts = Set.of();
        private Optional<Tokens> tokens = Optional.empty();
        private Optional<Authorization> authorization = Optional.empty();
        private Limits limits = Limits.DEFAULTS;
        private Optional<LoopResources> eventLoops = Optional.empty();
        private Duration closeTimeout = CLOSE_TIMEOUT;

        private Builder() {}

        /** Sets where TCP without certificates is allowed; loopback by default. */
        public Builder plainTcp(PlainTcp value) {
            plainTcp = value;
            return this;
        }

        /** Sets more names that the {@code Host} header may have on TCP; none by default. */
        public Builder allowedHosts(Set<String> value) {
            allowedHosts = value;
            return this;
        }

        /** Sets what clients on TCP must know; nothing by default. */
        public Builder tokens(Tokens value) {
            tokens = Optional.of(value);
            return this;
        }

        /** Sets who must agree to requests; nobody by default. */
        public Builder authorization(Authorization value) {
            authorization = Optional.of(value);
            return this;
        }

        /** Sets the limits; {@link Limits#DEFAULTS} by default. */
        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        /** Sets the event loops; the server's own by default. */
        public Builder eventLoops(LoopResources value) {
            eventLoops = Optional.of(value);
            return this;
        }

        /** Sets how long closing waits for requests under way; {@link #CLOSE_TIMEOUT} by default. */
        public Builder closeTimeout(Duration value) {
            closeTimeout = value;
            return this;
        }
    }
}
