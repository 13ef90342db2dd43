package dev.patchbay.authz;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An answer to a request as authorization plugins see it, or how it begins if it goes on.
 *
 * @param status the HTTP status
 * @param headers those that are {@link Shown}
 * @param body all of it, if it is whole and {@link Shown}
 */
public record AuthzResponse(int status, Map<String, String> headers, Optional<byte[]> body) {
    /** Copies the headers, in the order of their names. */
    public AuthzResponse {
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }
}
