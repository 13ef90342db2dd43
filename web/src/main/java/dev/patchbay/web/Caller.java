package dev.patchbay.web;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Who sent a request.
 *
 * @param requestId the name of the request in log lines: the client's {@code X-Request-Id} if that is a plain word, else
 *     one of ours; also in the Reactor Context under {@link RequestIds#CONTEXT_KEY}
 * @param transport how it came
 * @param remoteAddress the client's address, empty for a unix socket
 * @param certificates the client's certificate and those that vouch for it, with mutual TLS
 * @param process who connected, of a unix socket, if that is asked for
 */
public record Caller(
        String requestId,
        Transport transport,
        String remoteAddress,
        List<X509Certificate> certificates,
        Optional<Peer> process) {
    /** Copies the certificates. */
    public Caller {
        certificates = List.copyOf(certificates);
    }

    /** Whether it is root, on this machine. */
    boolean isRoot() {
        return transport == Transport.UNIX && process.filter(peer -> peer.uid() == 0).isPresent();
    }

    /**
     * The process at the other end when it connected, as this machine's kernel knows it.
     *
     * @param uid the user that it ran as
     * @param pid its id, 0 if it cannot be seen from here
     */
    public record Peer(int uid, int pid) {}

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
