package dev.patchbay.legacy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a file says about where a plugin listens.
 *
 * @param tls what is shown and whom is trusted, if TLS is spoken
 */
record Description(Where where, Optional<Tls> tls) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int HIGHEST_PORT = 0xffff;
    private static final int LONGEST_SOCKET = 107;

    /** An address in brackets or a host, then perhaps a port; a path after that means nothing to Docker either. */
    private static final Pattern PLACE = Pattern
            .compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?(?:/.*)?");
    private static final JsonMapper JSON_READER = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** A place to connect to. */
    sealed interface Where {
        /** A socket file. */
        record Unix(Path socket) implements Where {}

        /** A port. */
        record Tcp(String host, int port) implements Where {}
    }

    /**
     * How TLS is spoken.
     *
     * @param proof whether the plugin must prove who it is
     * @param authorities who may vouch for it beside those whom this machine trusts
     * @param own what is shown to it
     */
    record Tls(Proof proof, Optional<Path> authorities, Optional<Own> own) {}

    /** Whether somebody must prove who they are. */
    enum Proof {
        /** Yes. */
        ASKED,
        /** No, and that is what is written. */
        WAIVED,
        /** No, since there is no authority who could vouch for it. */
        FORGOTTEN
    }

    /** A certificate and its key. */
    record Own(Path certificate, Path key) {}

    /** The file, as it is written. */
    private record Written(@JsonProperty("Addr") @Nullable String address,
            @JsonProperty("TLSConfig") @Nullable WrittenTls tls) {}

    private record WrittenTls(@JsonProperty("InsecureSkipVerify") boolean unverified,
            @JsonProperty("CAFile") @Nullable String authorities,
            @JsonProperty("CertFile") @Nullable String certificate,
            @JsonProperty("KeyFile") @Nullable String key) {}

    /** Reads a {@code .spec} file: one URL. */
    static Description ofSpec(byte[] content) {
        return of(new String(content, StandardCharsets.UTF_8), Optional.empty());
    }

    /** Reads a {@code .json} file. Which name it gives to the plugin does not matter, only what the file is called. */
    static Description ofJson(byte[] content) {
        Written written;
        try {
            written = JSON_READER.readValue(content, Written.class);
        } catch (JacksonException e) {
            throw new InvalidDescriptionException("is not the JSON that it should be: "
                    + Quoted.shortened(e.getOriginalMessage()));
        }
        if (written == null || text(written.address()).isEmpty()) {
            throw new InvalidDescriptionException("has no Addr");
        }
        return of(text(written.address()).orElseThrow(),
                Optional.ofNullable(written.tls()).map(Description::tls));
    }

    /** Without an authority nobody is asked for proof, as in Docker. */
    private static Tls tls(WrittenTls written) {
        Optional<Path> authorities = path("CAFile", written.authorities());
        Optional<Path> certificate = path("CertFile", written.certificate());
        Optional<Path> key = path("KeyFile", written.key());
        if (certificate.isPresent() != key.isPresent()) {
            throw new InvalidDescriptionException("names only one of CertFile and KeyFile");
        }
        return new Tls(proof(written, authorities), authorities,
                certificate.map(file -> new Own(file, key.orElseThrow())));
    }

    private static Proof proof(WrittenTls written, Optional<Path> authorities) {
        if (written.unverified()) {
            return Proof.WAIVED;
        }
        return authorities.isPresent() ? Proof.ASKED : Proof.FORGOTTEN;
    }

    private static Optional<Path> path(String key, @Nullable String value) {
        return text(value).map(text -> absolute(key, text));
    }

    private static Path absolute(String what, String text) {
        try {
            if (text.startsWith("/")) {
                return Path.of(text).normalize();
            }
        } catch (InvalidPathException _) {
            // It is said below.
        }
        throw new InvalidDescriptionException(what + " is not an absolute path: \"" + Quoted.shortened(text)
                + "\"");
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Description of(String written, Optional<Tls> tls) {
        String url = written.strip();
        int end = url.indexOf("://");
        String scheme = end < 0 ? "" : url.substring(0, end).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "unix" -> new Description(new Where.Unix(socket(url.substring(end + 3))), Optional.empty());
            case "https" -> new Description(tcp(url, HTTPS_PORT), Optional.of(tls.orElse(new Tls(Proof.ASKED,
                    Optional.empty(), Optional.empty()))));
            // In moby TLSConfig goes for nothing beside this, and secrets go over the network in the clear.
            case "tcp" -> new Description(tcp(url, HTTP_PORT), tls);
            case "http" -> new Description(plain(tcp(url, HTTP_PORT), tls), Optional.empty());
            default -> throw new InvalidDescriptionException(
                    "says nothing of the kind unix://PATH, tcp://HOST:PORT, http://HOST:PORT or "
                            + "https://HOST:PORT (Unknown protocol): \"" + Quoted.shortened(url) + "\"");
        };
    }

    private static Where plain(Where where, Optional<Tls> tls) {
        if (tls.isPresent()) {
            throw new InvalidDescriptionException("has a TLSConfig, which http:// makes no use of; write "
                    + "https://");
        }
        return where;
    }

    private static Path socket(String text) {
        Path socket = absolute("what follows unix://", text);
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
            throw new InvalidDescriptionException("names a socket whose path is longer than " + LONGEST_SOCKET
                    + " bytes");
        }
        return socket;
    }

    private static Where.Tcp tcp(String url, int usual) {
        var place = PLACE.matcher(url.substring(url.indexOf("://") + 3));
        if (place.matches()) {
            int port = Optional.ofNullable(place.group(3)).map(Integer::parseInt).orElse(usual);
            if (port >= 1 && port <= HIGHEST_PORT) {
                return new Where.Tcp(Optional.ofNullable(place.group(1)).orElse(place.group(2)), port);
            }
        }
        throw new InvalidDescriptionException("names no host and port: \"" + Quoted.shortened(url) + "\"");
    }
}
