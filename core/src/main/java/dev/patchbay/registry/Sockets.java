package dev.patchbay.registry;

import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/**
 * What connections are made of. A seam: tests put other addresses behind names.
 *
 * @param loops threads that wait for sockets
 * @param resolver asks DNS, and the hosts file, without blocking
 * @param names the same for those who do not connect
 */
record Sockets(LoopResources loops, AddressResolverGroup<InetSocketAddress> resolver, Names names) {
    private static final int THREADS = 4;
    private static final boolean NATIVE = true;

    static Sockets open() {
        var loops = LoopResources.create("registry-http",
                Math.min(THREADS, Runtime.getRuntime().availableProcessors()), true);
        DnsAddressResolverGroup resolver = NameResolverProvider.builder()
                .build()
                .newNameResolverGroup(loops, NATIVE);
        return new Sockets(loops, resolver, host -> lookUp(loops, resolver, host));
    }

    private static Mono<List<InetAddress>> lookUp(LoopResources loops,
            AddressResolverGroup<InetSocketAddress> resolver, String host) {
        return Mono.create(sink -> {
            var loop = loops.onClient(NATIVE).next();
            resolver.getResolver(loop)
                    .resolveAll(InetSocketAddress.createUnresolved(host, 0))
                    .addListener(found -> {
                        if (found.isSuccess()) {
                            @SuppressWarnings("unchecked") // a listener does not know its future's type
                            var addresses = (List<InetSocketAddress>) found.getNow();
                            sink.success(addresses.stream().map(InetSocketAddress::getAddress).toList());
                        } else {
                            sink.success();
                        }
                    });
        });
    }
}
