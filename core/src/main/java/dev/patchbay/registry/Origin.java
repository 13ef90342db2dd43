package dev.patchbay.registry;

import java.net.URI;
import java.util.Locale;

/**
 * With whom an exchange is: what credentials are bound to, and what messages name.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name in small letters, or an address, an IPv6 one without brackets
 * @param port always given
 */
record Origin(String scheme, String host, int port) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** The origin of an absolute URL. @throws IllegalArgumentException if it is none of HTTP */
    static Origin of(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost();
        if (host == null || host.isEmpty() || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("not a URL of http or https with a host");
        }
        return new Origin(scheme, withoutBrackets(host.toLowerCase(Locale.ROOT)),
                url.getPort() == -1 ? defaultPort(scheme) : url.getPort());
    }

    /** Checks a URL somebody configured. @throws IllegalArgumentException that names it, without its secrets */
    static void check(String what, URI url) {
        try {
            of(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + what + " is " + e.getMessage(), e);
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the " + what + " " + of(url) + " must have neither user, query nor fragment");
        }
    }

    boolean encrypted() {
        return scheme.equals("https");
    }

    Origin withScheme(String other) {
        return new Origin(other, host, port == defaultPort(scheme) ? defaultPort(other) : port);
    }

    /** {@code host[:port]}, without the scheme's usual port; with brackets around IPv6. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == defaultPort(scheme) ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + authority();
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? HTTPS : HTTP;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
