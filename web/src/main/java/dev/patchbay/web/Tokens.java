package dev.patchbay.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The secrets of which a client must know one: {@code Authorization: Bearer TOKEN}, or, since a page in a browser cannot
 * set that for a WebSocket, the sub-protocol {@link SubProtocols#TOKEN} with the token in base64url. Thread-safe.
 */
public final class Tokens {
    private static final String BEARER = "Bearer ";

    private volatile List<byte[]> digests;

    /** Makes some. */
    public Tokens(Collection<String> tokens) {
        digests = digests(tokens);
    }

    /** Has others from now on; connections that are open stay. */
    public void replace(Collection<String> tokens) {
        digests = digests(tokens);
    }

    private static List<byte[]> digests(Collection<String> tokens) {
        return tokens.stream().map(Tokens::digest).toList();
    }

    /** Whether a request comes with one of them. */
    boolean admit(HttpHeaders headers) {
        return bearer(headers).or(() -> offered(headers)).filter(this::knows).isPresent();
    }

    /** Takes as long for one as for the other: digests have one length, and all are looked at to their end. */
    private boolean knows(String token) {
        byte[] digest = digest(token);
        boolean known = false;
        for (byte[] one : digests) {
            known |= MessageDigest.isEqual(one, digest);
        }
        return known;
    }

    private static Optional<String> bearer(HttpHeaders headers) {
        return Optional.ofNullable(headers.get(HttpHeaderNames.AUTHORIZATION))
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip());
    }

    private static Optional<String> offered(HttpHeaders headers) {
        return SubProtocols.offered(headers)
                .stream()
                .filter(name -> name.startsWith(SubProtocols.TOKEN))
                .findFirst()
                .flatMap(name -> decoded(name.substring(SubProtocols.TOKEN.length())));
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
