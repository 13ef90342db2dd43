package dev.patchbay.registry;

import dev.patchbay.reference.Reference;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where the repositories of a registry can be had (contract of moby's {@code daemon/pkg/registry/service_v2.go}). */
final class Endpoints {
    private final RegistryConfig config;
    private final InsecureHosts hosts;

    Endpoints(RegistryConfig config, InsecureHosts hosts) {
        this.config = config;
        this.hosts = hosts;
    }

    /** All endpoints in the order in which they are tried. */
    Mono<List<Endpoint>> of(String domain) {
        if (!domain.equals(Reference.DEFAULT_DOMAIN)) {
            return registry(domain);
        }
        return Flux.fromIterable(config.mirrors())
                .concatMap(mirror -> configured(mirror, Endpoint.Role.MIRROR))
                .concatWith(configured(config.hub(), Endpoint.Role.REGISTRY))
                .collectList();
    }

    private Mono<Endpoint> configured(URI url, Endpoint.Role role) {
        var origin = Origin.of(url);
        return hosts.trust(origin)
                .map(trust -> new Endpoint(origin, url.getRawPath().replaceFirst("/+$", ""), trust, role));
    }

    private Mono<List<Endpoint>> registry(String domain) {
        var https = Origin.of(URI.create("https://" + domain));
        return hosts.trust(https)
                .map(trust -> Stream.of(https, https.withScheme("http"))
                        .map(origin -> new Endpoint(origin, "", trust, Endpoint.Role.REGISTRY))
                        .filter(endpoint -> endpoint.origin().encrypted() || trust == Trust.UNVERIFIED)
                        .toList());
    }
}
