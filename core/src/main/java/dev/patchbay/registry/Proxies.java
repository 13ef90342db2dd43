package dev.patchbay.registry;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which connections take a proxy, by the environment's rules that curl and Go share (Go, {@code x/net/http/httpproxy}):
 * {@code HTTPS_PROXY} and {@code HTTP_PROXY} by the URL's scheme, {@code NO_PROXY} a list of {@code *}, addresses,
 * networks, names (with all below them; with a dot before them only those below), each with a port or without. This
 * machine is never asked through a proxy. Small letters count where capitals are absent.
 */
final class Proxies {
    private final Optional<Proxy> http;
    private final Optional<Proxy> https;
    private final List<Predicate<Origin>> direct;

    Proxies(Map<String, String> environment) {
        this.http = proxy(environment, "HTTP_PROXY");
        this.https = proxy(environment, "HTTPS_PROXY");
        this.direct = new ArrayList<>();
        for (String entry : variable(environment, "NO_PROXY").orElse("").split(",", -1)) {
            String rule = entry.strip().toLowerCase(Locale.ROOT);
            if (!rule.isEmpty()) {
                direct.add(rule(rule));
            }
        }
    }

    /** Checks an environment. @throws IllegalArgumentException if a proxy in it makes no sense */
    static void check(Map<String, String> environment) {
        var _ = new Proxies(environment);
    }

    /** The proxy on the way to a server, if there is one. */
    Optional<Proxy> on(Origin origin) {
        if (isThisMachine(origin.host()) || direct.stream().anyMatch(rule -> rule.test(origin))) {
            return Optional.empty();
        }
        return origin.encrypted() ? https : http;
    }

    private static Optional<Proxy> proxy(Map<String, String> environment, String name) {
        return variable(environment, name).map(text -> Proxy.parse(name, text));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(text -> !text.isBlank())
                .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private static boolean isThisMachine(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        return host.equals("localhost")
                || (address != null && LOOPBACK.stream().anyMatch(network -> network.contains(address)));
    }

    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8").orElseThrow(),
            Cidr.parse("::1/128").orElseThrow());

    private static Predicate<Origin> rule(String rule) {
        if (rule.equals("*")) {
            return _ -> true;
        }
        Optional<Cidr> network = Cidr.parse(rule);
        if (network.isPresent()) {
            return origin -> {
                byte[] address = NetUtil.createByteArrayFromIpAddressString(origin.host());
                return address != null && network.get().contains(address);
            };
        }
        int colon = rule.lastIndexOf(':');
        boolean withPort = colon > 0 && rule.substring(colon + 1).matches("\\d{1,5}")
                && (rule.indexOf(':') == colon || rule.charAt(colon - 1) == ']');
        String name = withPort ? rule.substring(0, colon) : rule;
        var named = named(name.replaceAll("[\\[\\]]", ""));
        int port = withPort ? Integer.parseInt(rule.substring(colon + 1)) : 0;
        return origin -> (port == 0 || port == origin.port()) && named.test(origin.host());
    }

    private static Predicate<String> named(String name) {
        String below = name.startsWith("*.") ? name.substring(1) : name;
        return below.startsWith(".")
                ? host -> host.endsWith(below)
                : host -> host.equals(below) || host.endsWith("." + below);
    }
}
