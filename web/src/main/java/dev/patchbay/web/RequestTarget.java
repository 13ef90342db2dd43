package dev.patchbay.web;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;

/** Reading and cleaning of request targets. */
final class RequestTarget {
    private static final int MAX_QUERY_PARAMETERS = 1024;

    private RequestTarget() {}

    /** Reads a target in origin or absolute form; fails with 400 for a broken percent sign. */
    static Target parse(HttpMethod method, String uri) {
        String local = withoutAuthority(uri);
        int question = local.indexOf('?');
        String path = decode(question < 0 ? local : local.substring(0, question));
        return new Target(method, uri, path, query(question < 0 ? "" : local.substring(question + 1)),
                Map.of());
    }

    private static String withoutAuthority(String uri) {
        int scheme = uri.indexOf("://");
        if (uri.startsWith("/") || scheme < 0) {
            return uri;
        }
        int path = uri.indexOf('/', scheme + 3);
        return path < 0 ? "/" : uri.substring(path);
    }

    private static Map<String, List<String>> query(String text) {
        try {
            return new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MAX_QUERY_PARAMETERS, true)
                    .parameters();
        } catch (IllegalArgumentException e) {
            throw HttpFailure.badRequest("the query string is malformed: " + e.getMessage());
        }
    }

    /** Percent-decodes a path; a plus sign stays one. */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(hexPair(text, i + 1));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hexPair(String text, int at) {
        int high = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw HttpFailure.badRequest(
                    "the path is malformed: a percent sign needs two hexadecimal digits after it");
        }
        return high << 4 | low;
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

    /** The canonical form of a target: path encoded again, query as it was. */
    static String location(Target target) {
        int question = target.uri().indexOf('?');
        return encode(clean(target.path())) + (question < 0 ? "" : target.uri().substring(question));
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
