package dev.patchbay.web;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Who sent a request.
 *
 * @param requestId the name of the request in log lines: the client's {@code X-Request-Id} if that is a plain word, else
 *     one of ours; also in the Reactor Context under {@link RequestIds#CONTEXT_KEY}
 * @param transport how it came
 * @param remoteAddress the client's address, empty for a unix socket
 * @param certificate the client's certificate, with mutual TLS
 */
public record Caller(
        String requestId,
        Transport transport,
        String remoteAddress,
        Optional<X509Certificate> certificate) {
    /** How requests come. */
    public enum Transport {
        /** A unix socket, guarded by its file mode. */
        UNIX,
        /** TCP without encryption. */
        TCP,
        /** TCP with certificates on both sides. */
        MUTUAL_TLS
    }
}
