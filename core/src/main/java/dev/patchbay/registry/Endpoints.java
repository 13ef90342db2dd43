package dev.patchbay.registry;

import dev.patchbay.reference.Reference;
import dev.patchbay.text.Quoted;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where the repositories of a registry can be had (contract of moby's {@code daemon/pkg/registry/service_v2.go}). */
final class Endpoints {
    private static final int LAST_PORT = 65_535;

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
                .concatMap(mirror -> hosts.trust(Origin.of(mirror))
                        .map(trust -> configured(mirror, trust, Endpoint.Role.MIRROR)))
                .concatWith(Mono.fromSupplier(this::hub))
                .collectList();
    }

    /** Nobody's answer about its address makes Docker Hub insecure, as in moby. */
    private Endpoint hub() {
        return configured(config.hub(), hosts.trustUnasked(Origin.of(config.hub())),
                Endpoint.Role.REGISTRY);
    }

    private static Endpoint configured(URI url, Trust trust, Endpoint.Role role) {
        return new Endpoint(Origin.of(url), url.getRawPath().replaceFirst("/+$", ""), trust, role);
    }

    private Mono<List<Endpoint>> registry(String domain) {
        var https = origin(domain);
        return hosts.trust(https)
                .map(trust -> Stream.of(https, https.withScheme("http"))
                        .map(origin -> new Endpoint(origin, "", trust, Endpoint.Role.REGISTRY))
                        .filter(endpoint -> endpoint.origin().encrypted() || trust == Trust.UNVERIFIED)
                        .toList());
    }

    /** The grammar of references takes hosts and ports that no URL has. */
    private static Origin origin(String domain) {
        try {
            var origin = Origin.of(URI.create("https://" + domain));
            if (origin.port() > 0 && origin.port() <= LAST_PORT) {
                return origin;
            }
        } catch (IllegalArgumentException _) {
            // Falls through: the sentence says all that the cause would.
        }
        throw new RegistryException.NotFound("cannot ask the registry \"" + Quoted.shortened(domain)
                + "\": that is not the address of a host");
    }
}
