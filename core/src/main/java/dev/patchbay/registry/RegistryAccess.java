package dev.patchbay.registry;

import java.util.List;
import java.util.Map;

/**
 * On whose behalf a registry is talked to.
 *
 * @param credentials for the registry that the reference names; sent to no other host than it and the token service it
 *     names
 * @param headers sent with each request to that registry (Docker's {@code X-Meta-*}), on retries too (D23)
 */
public record RegistryAccess(Credentials credentials, Map<String, List<String>> headers) {
    /** Without credentials or headers. */
    public static final RegistryAccess ANONYMOUS = new RegistryAccess(new Credentials.Anonymous(), Map.of());

    /** Copies. */
    public RegistryAccess {
        headers = Map.copyOf(headers);
    }

    /** Without the values of headers, which may be secrets. */
    @Override
    public String toString() {
        return "RegistryAccess[credentials=" + credentials + ", headers=" + headers.keySet() + "]";
    }
}
