package dev.patchbay.authz;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as authorization plugins see it.
 *
 * @param user who asks
 * @param method the HTTP method
 * @param uri path and query; the path as it was understood, so that nobody hides one behind another spelling of it
 * @param headers those that are {@link Shown}
 * @param body all of it, if it is {@link Shown}
 */
public record AuthzRequest(AuthzUser user, String method, String uri, Map<String, String> headers,
        Optional<byte[]> body) {
    /** Copies the headers, in the order of their names. */
    public AuthzRequest {
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }
}
