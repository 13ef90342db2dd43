package dev.patchbay.authz;

import dev.patchbay.text.MediaName;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of a request or an answer plugins are shown: what Docker shows them, but of bodies all that somebody here reads as
 * parameters, and of headers no token.
 */
public final class Shown {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    /** How paths begin whose bodies are credentials, after the first slash and perhaps a version, as Docker recognises them. */
    private static final String AUTH = "auth";

    /** Secrets, and what Go's server takes out of the headers. */
    private static final Set<String> HIDDEN = Set.of("Authorization", "X-Registry-Auth", "X-Registry-Config",
            "Host", "Transfer-Encoding", "Trailer");

    private static final String OFFERS = "Sec-Websocket-Protocol";
    private static final String TOKEN = "patchbay.token.";

    private Shown() {}

    /** The headers: names as Go writes them, of several values the last. */
    public static Map<String, String> headers(Iterable<Map.Entry<String, String>> headers) {
        var shown = new TreeMap<String, String>();
        for (Map.Entry<String, String> header : headers) {
            String name = canonical(header.getKey());
            if (!HIDDEN.contains(name)) {
                shown.put(name, name.equals(OFFERS) ? withoutTokens(header.getValue()) : header.getValue());
            }
        }
        return Collections.unmodifiableMap(shown);
    }

    /** {@code content-type} as {@code Content-Type}. */
    private static String canonical(String name) {
        var text = new StringBuilder(name.length());
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            text.append(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = c == '-';
        }
        return text.toString();
    }

    /** Pages in a browser send their token among the protocols that they offer. */
    private static String withoutTokens(String offers) {
        return Arrays.stream(offers.split(",", -1))
                .map(String::strip)
                .filter(offer -> !offer.startsWith(TOKEN))
                .collect(Collectors.joining(", "));
    }

    /**
     * Whether the body of a request is shown: JSON, and forms, whose fields count as parameters do. Everything else is a
     * stream that nobody here looks into for what to do.
     *
     * @param path the decoded path
     * @param types the values of its {@code Content-Type}, of which none may hide another
     */
    public static boolean body(String path, Iterable<String> types) {
        for (String type : types) {
            String media = MediaName.of(type);
            if (media.equals(JSON) || media.equals(FORM)) {
                return !hasCredentials(path);
            }
        }
        return false;
    }

    /** Whether the body of an answer is shown: JSON. */
    public static boolean answer(String path, String type) {
        return MediaName.of(type).equals(JSON) && !hasCredentials(path);
    }

    private static boolean hasCredentials(String path) {
        int slash = path.indexOf('/');
        int version = slash < 0 ? -1 : versionEnd(path, slash);
        return slash >= 0
                && (path.startsWith(AUTH, slash + 1) || (version > 0 && path.startsWith(AUTH, version + 1)));
    }

    /**
     * Where a version in a path ends, such as {@code /v1.51}: that by which requests find their routes.
     *
     * @param slash the place of the slash before it
     * @return the place of the slash after it; negative if there is no version, or nothing after it
     */
    public static int versionEnd(String path, int slash) {
        if (!path.startsWith("/v", slash)) {
            return -1;
        }
        int first = slash + "/v".length();
        int at = first;
        while (at < path.length() && isOfVersion(path.charAt(at))) {
            at++;
        }
        return at > first && path.startsWith("/", at) ? at : -1;
    }

    private static boolean isOfVersion(char c) {
        return c == '.' || (c >= '0' && c <= '9');
    }
}
