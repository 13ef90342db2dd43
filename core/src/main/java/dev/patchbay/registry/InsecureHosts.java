package dev.patchbay.registry;

import dev.patchbay.text.Quoted;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Which hosts need not prove who they are: those listed by name, and those with an address in a listed network; this
 * machine always (moby {@code daemon/pkg/registry/config.go}, {@code isSecureIndex}).
 */
final class InsecureHosts {
    private static final List<String> ALWAYS = List.of("127.0.0.0/8", "::1/128");

    private final Set<String> hosts;
    private final List<Cidr> networks;
    private final Names names;

    InsecureHosts(List<String> listed, Names names) {
        this.names = names;
        this.networks = Stream.concat(listed.stream(), ALWAYS.stream())
                .map(Cidr::parse)
                .flatMap(Optional::stream)
                .toList();
        this.hosts = listed.stream()
                .filter(entry -> Cidr.parse(entry).isEmpty())
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Checks what somebody configured. @throws IllegalArgumentException if an entry is neither network nor host */
    static void check(List<String> listed) {
        for (String entry : listed) {
            boolean host = entry.matches("[A-Za-z0-9._-]+(:\\d{1,5})?|\\[[0-9A-Fa-f:.]+\\](:\\d{1,5})?");
            if (!host && Cidr.parse(entry).isEmpty()) {
                throw new IllegalArgumentException("insecure registry \"" + Quoted.shortened(entry)
                        + "\" is neither host, host:port nor a network such as 10.0.0.0/8");
            }
        }
    }

    /**
     * How far a host is to be trusted to which another one sends us. Where that one has to prove who it is, DNS has no say:
     * whoever forges its answers could take the proof away from a token service, and be told passwords.
     */
    Mono<Trust> trust(Origin origin, Trust sender) {
        return switch (sender) {
            case VERIFIED -> Mono.just(trustUnasked(origin));
            case UNVERIFIED -> trust(origin);
        };
    }

    /** How far a host is to be trusted by its name, or the address that it is called by, alone. */
    Trust trustUnasked(Origin origin) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(origin.host());
        boolean named = hosts.contains(origin.authority())
                || hosts.contains(origin.host() + ":" + origin.port())
                || hosts.contains(origin.withScheme("https").authority());
        // Names that end so are this machine's, whatever DNS says (RFC 6761, section 6.3).
        boolean here = origin.host().equals("localhost") || origin.host().endsWith(".localhost");
        return named || here || (address != null && listed(address)) ? Trust.UNVERIFIED : Trust.VERIFIED;
    }

    /** How far a host is to be trusted, whatever the scheme. Names that cannot be resolved are not insecure. */
    Mono<Trust> trust(Origin origin) {
        if (trustUnasked(origin) == Trust.UNVERIFIED) {
            return Mono.just(Trust.UNVERIFIED);
        }
        return names.addresses(origin.host())
                .map(addresses -> addresses.stream().anyMatch(address -> listed(address.getAddress())))
                .defaultIfEmpty(false)
                .map(insecure -> insecure ? Trust.UNVERIFIED : Trust.VERIFIED);
    }

    private boolean listed(byte[] address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
