package dev.patchbay.web;

import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading and cleaning of request targets. */
final class RequestTarget {
    /** A scheme and an authority, which may be followed by a path, a query, both or nothing. */
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*");

    private RequestTarget() {}

    /**
     * Reads a target in origin or absolute form, or the asterisk of {@code OPTIONS}, which stands for the server as a whole.
     *
     * @throws HttpFailure 400 for anything else, and for a broken percent sign
     */
    static Target parse(HttpMethod method, String uri) {
        // What comes after it is a fragment to some, and a part of the query or the path to others.
        if (uri.indexOf('#') >= 0) {
            throw HttpFailure.badRequest("the request target must not have a #; it is written as %23");
        }
        String local = method.equals(HttpMethod.OPTIONS) && uri.equals("*") ? "/" : withoutAuthority(uri);
        int question = local.indexOf('?');
        String path = FormText.percentDecoded(question < 0 ? local : local.substring(0, question),
                "the path");
        String query = question < 0 ? "" : local.substring(question + 1);
        return new Target(method, path, query, FormText.read(query, "the query string"), Map.of());
    }

    /** What begins with a slash: path and query. */
    private static String withoutAuthority(String uri) {
        if (uri.startsWith("/")) {
            return uri;
        }
        Matcher absolute = ABSOLUTE.matcher(uri);
        if (!absolute.lookingAt()) {
            throw HttpFailure.badRequest("the request target must begin with a slash");
        }
        String rest = uri.substring(absolute.end());
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /**
     * The canonical form of a decoded path: one slash between segments, no {@code .} and {@code ..}; a slash at the end
     * is kept (gorilla/mux 1.8.1, {@code cleanPath}).
     */
    static String clean(String path) {
        var segments = new ArrayDeque<String>();
        for (String segment : path.split("/", -1)) {
            switch (segment) {
                case "", "." -> {
                } // drops doubled slashes and references to here
                case ".." -> segments.pollLast();
                default -> segments.addLast(segment);
            }
        }
        String joined = "/" + String.join("/", segments);
        return path.endsWith("/") && !joined.equals("/") ? joined + "/" : joined;
    }

    /** The canonical form of a target: path encoded again, and the query that was read. */
    static String location(Target target) {
        return encode(clean(target.path())) + (target.rawQuery().isEmpty() ? "" : "?" + target.rawQuery());
    }

    private static String encode(String path) {
        var text = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "/-_.~!$&'()*+,;=:@".indexOf(c) >= 0)) {
                text.append(c);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return text.toString();
    }
}
