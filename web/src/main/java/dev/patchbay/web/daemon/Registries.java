package dev.patchbay.web.daemon;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the user says about registries. Names and rules are dockerd's (moby {@code daemon/pkg/registry/config.go}).
 *
 * @param insecure registries that may have a certificate of nobody's or none: {@code HOST}, {@code HOST:PORT}, or the
 *     network of their addresses, {@code IP/BITS}
 * @param mirrors where to look for Docker Hub's content first, in this order
 */
record Registries(List<String> insecure, List<URI> mirrors) {
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
    private static final Pattern HOST = Pattern.compile(
            "(" + LABEL + "(\\." + LABEL + ")*|\\[[0-9A-Fa-f:.]+\\])(:(?<port>[0-9]{1,5}))?");
    private static final int MAX_PORT = 65_535;

    /** Copies. */
    Registries {
        insecure = List.copyOf(insecure);
        mirrors = List.copyOf(mirrors);
    }

    /** Judges what was given. @throws UsageException for the first thing that is wrong */
    static Registries of(Given given) {
        return new Registries(
                given.all(Setting.INSECURE_REGISTRY).stream().map(Registries::insecure).distinct().toList(),
                given.all(Setting.REGISTRY_MIRROR).stream().map(Registries::mirror).distinct().toList());
    }

    private static String insecure(String text) {
        boolean good = text.contains("/") ? isNetwork(text) : isHost(text);
        if (!good) {
            throw UsageException.configuration("insecure-registry \"" + text
                    + "\" must be HOST, HOST:PORT, or a network such as 10.0.0.0/8; without http://");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isHost(String text) {
        var matcher = HOST.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        String port = matcher.group("port");
        return port == null || isWithin(port, 1, MAX_PORT);
    }

    private static boolean isNetwork(String text) {
        String[] halves = text.split("/", -1);
        return halves.length == 2
                && address(halves[0]).map(address -> isWithin(halves[1], 0, address.getAddress().length * 8))
                        .orElse(false);
    }

    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // the caller has the sentence
        }
    }

    private static boolean isWithin(String digits, int least, int most) {
        return digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) >= least
                && Integer.parseInt(digits) <= most;
    }

    private static URI mirror(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw wrongMirror(text, "is not a URL: " + e.getReason());
        }
        if (!Set.of("http", "https").contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
            throw wrongMirror(text, "must be a URL with http:// or https:// and a host");
        }
        if (url.getRawUserInfo() != null) {
            // Not repeated: it may hold a password.
            throw UsageException
                    .configuration("a registry-mirror must not have a user name or password in it;"
                            + " credentials of Docker Hub go to no mirror");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw wrongMirror(text, "must end before ? and #");
        }
        return URI.create(text.replaceAll("/+$", ""));
    }

    private static UsageException wrongMirror(String text, String problem) {
        return UsageException.configuration("registry-mirror \"" + text + "\" " + problem);
    }
}
