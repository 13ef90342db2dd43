package dev.patchbay.registry;

import java.net.URI;

/**
 * A place where a repository can be had.
 *
 * @param origin of every URL
 * @param prefix what comes before {@code /v2/}: empty, or a path that begins with a slash and does not end with one
 * @param trust whether its certificate is checked
 * @param role whose it is
 */
record Endpoint(Origin origin, String prefix, Trust trust, Role role) {
    /** Whose an endpoint is. */
    enum Role {
        /** The registry's that a reference names: gets credentials and headers. */
        REGISTRY,
        /** Somebody else's who has copies: gets neither (D27). */
        MIRROR
    }

    /** A URL below the repository. Neither path nor query need escaping: grammar and digests allow nothing that does. */
    URI url(String repository, String rest) {
        return URI.create(origin + prefix + "/v2/" + repository + "/" + rest + namespace(rest));
    }

    /** What a login asks for. */
    URI base() {
        return URI.create(origin + prefix + "/v2/");
    }

    /** Mirrors serve several registries and are told which one is meant (containerd, {@code docs/hosts.md}). */
    private String namespace(String rest) {
        return switch (role) {
            case REGISTRY -> "";
            case MIRROR -> (rest.indexOf('?') < 0 ? "?" : "&") + "ns=docker.io";
        };
    }
}
