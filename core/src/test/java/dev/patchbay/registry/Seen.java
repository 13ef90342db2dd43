package dev.patchbay.registry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request that a {@link FakeRegistryServer} got.
 *
 * @param method of HTTP
 * @param uri path and query
 * @param headers by name in small letters
 * @param body what was sent along
 */
@SuppressWarnings("ArrayRecordComponent")
public record Seen(String method, String uri, Map<String, List<String>> headers, byte[] body) {
    /** The first value of a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).map(List::getFirst);
    }

    /** The path without the query. */
    public String path() {
        return uri.replaceFirst("\\?.*$", "");
    }

    /** A parameter of the query, as it stands there. */
    public Optional<String> parameter(String name) {
        int query = uri.indexOf('?');
        if (query < 0) {
            return Optional.empty();
        }
        for (String field : uri.substring(query + 1).split("&", -1)) {
            if (field.startsWith(name + "=")) {
                return Optional.of(field.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return method + " " + uri;
    }
}
