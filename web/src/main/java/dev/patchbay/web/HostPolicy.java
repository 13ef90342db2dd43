package dev.patchbay.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may talk to the server from inside a browser: nobody but pages that it served itself.
 *
 * <p>On TCP the {@code Host} header must name the server, or a page of some other site could have its own name resolve
 * to our address (DNS rebinding). Ports are not compared: forwarding changes them. Besides, a request that changes
 * something or opens a WebSocket must not come from a page of another origin.
 */
final class HostPolicy {
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Set<String> allowed;

    HostPolicy(Set<String> configured) {
        allowed = new HashSet<>(LOCAL);
        configured.forEach(host -> allowed.add(host.toLowerCase(Locale.ROOT)));
    }

    /**
     * Refuses a foreign caller.
     *
     * @param ownAddress the address that the connection came in on, empty for a unix socket
     * @throws HttpFailure 403 if the request is foreign
     */
    void check(HttpMethod method, HttpHeaders headers, String ownAddress) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            throw HttpFailure.badRequest("the request has several Host headers");
        }
        String host = hosts.isEmpty() ? "" : hosts.getFirst();
        if (!ownAddress.isEmpty() && !isOurs(host, ownAddress)) {
            throw new HttpFailure(403,
                    "the Host header does not name this server; add the name to the allowed hosts"
                            + " if it should");
        }
        boolean upgrade = headers.contains(HttpHeaderNames.UPGRADE);
        if (!SAFE.contains(method) || upgrade) {
            checkOrigin(headers, host);
        }
    }

    private boolean isOurs(String host, String ownAddress) {
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        return allowed.contains(name) || name.equals(ownAddress) || name.equals("[" + ownAddress + "]");
    }

    private static void checkOrigin(HttpHeaders headers, String host) {
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            int scheme = origin.indexOf("://");
            if (scheme < 0 || host.isEmpty() || !origin.substring(scheme + 3).equalsIgnoreCase(host)) {
                throw new HttpFailure(403, "requests from pages of another origin are refused");
            }
        }
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
