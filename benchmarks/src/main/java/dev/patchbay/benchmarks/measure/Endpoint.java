package dev.patchbay.benchmarks.measure;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Where a daemon listens, and all that a client needs to talk to it there.
 *
 * @param target where
 * @param tls what connections are encrypted with; empty if they are not
 * @param fields of the head of each request, beside the usual ones, each with its line's end
 * @param patience how long an answer may take
 */
public record Endpoint(Target target, Optional<SSLContext> tls, String fields, Duration patience) {
    /** How long an answer may take, if nothing else is said: longer than anything that is measured. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    /** Reads what it takes to be let in. Blocks. @throws IOException with a sentence, if a file cannot be used */
    public static Endpoint of(Target target, Access access) throws IOException {
        Optional<SSLContext> tls = switch (target) {
            case Target.Tls _ -> Optional.of(access.context());
            case Target.Tcp _,Target.Unix _ -> Optional.empty();
        };
        String fields = access.token().map(token -> "Authorization: Bearer " + token + "\r\n").orElse("");
        return new Endpoint(target, tls, fields, LONGEST);
    }

    /** One that lets everybody in. */
    static Endpoint open(Target target) {
        return new Endpoint(target, Optional.empty(), "", LONGEST);
    }

    /** The same for who waits longer, or not as long. */
    public Endpoint patient(Duration other) {
        return new Endpoint(target, tls, fields, other);
    }

    /** Connects. */
    public UnixHttp connect() throws IOException {
        return UnixHttp.connect(this);
    }

    /** What encrypts one connection, for who has its own way of reading and writing; empty if nothing does. */
    public Optional<SSLEngine> engine() {
        return switch (target) {
            case Target.Tls(var name, var port) -> tls.map(context -> {
                SSLEngine engine = context.createSSLEngine(name, port);
                engine.setUseClientMode(true);
                engine.setSSLParameters(expectingItsName(engine.getSSLParameters()));
                return engine;
            });
            case Target.Tcp _,Target.Unix _ -> Optional.empty();
        };
    }

    /** Has the certificate's name compared with the host's (RFC 2818, 3.1), which Java leaves out otherwise. */
    static SSLParameters expectingItsName(SSLParameters parameters) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return target.toString();
    }
}
