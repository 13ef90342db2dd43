package dev.patchbay.benchmarks.measure;

import dev.patchbay.pem.PemFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a client needs to be let in by a daemon: files, since nothing secret is to be seen in a list of processes.
 *
 * @param authority certificates of those who vouch for the server; empty for whom this machine trusts
 * @param own what the client shows of itself; empty for nothing
 * @param tokenFile a file with a token on a line of its own; empty lines and those that begin with {@code #} are passed over
 */
public record Access(Optional<Path> authority, Optional<Pair> own, Optional<Path> tokenFile) {
    /** For daemons that let everybody in who reaches them. */
    public static final Access OPEN = new Access(Optional.empty(), Optional.empty(), Optional.empty());

    private static final int LARGEST_FILE = 1 << 16;
    private static final int LONGEST_TOKEN = 1024;
    private static final String NONE = "";

    /**
     * A certificate and its key.
     *
     * @param certificate a PEM file, those that vouch for it after it
     * @param key a PEM file
     */
    public record Pair(Path certificate, Path key) {}

    /** Reads what {@link #arguments} gave. */
    public static Access parse(List<String> arguments) {
        Optional<Path> certificate = path(arguments.get(1));
        return new Access(path(arguments.get(0)),
                certificate.map(it -> new Pair(it, Path.of(arguments.get(2)))), path(arguments.get(3)));
    }

    private static Optional<Path> path(String text) {
        return Optional.of(text).filter(it -> !it.equals(NONE)).map(Path::of);
    }

    /** The paths as four arguments of a program, each of which may be empty. */
    public List<String> arguments() {
        return List.of(text(authority), text(own.map(Pair::certificate)), text(own.map(Pair::key)),
                text(tokenFile));
    }

    private static String text(Optional<Path> path) {
        return path.map(Path::toString).orElse(NONE);
    }

    /** Reads the certificates. Blocks. @throws IOException with a sentence that names the file */
    SSLContext context() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private KeyManager[] keyManagers() throws IOException, GeneralSecurityException {
        var store = PemFile.emptyStore();
        if (own.isPresent()) {
            new PemFile(own.get().certificate()).addTo(store, new PemFile(own.get().key()));
        }
        return PemFile.keyManagers(store).getKeyManagers();
    }

    /** Whoever names an authority trusts nobody else. */
    private TrustManager[] trustManagers() throws IOException, GeneralSecurityException {
        if (authority.isEmpty()) {
            return PemFile.trusting(List.of()).getTrustManagers();
        }
        var store = PemFile.emptyStore();
        for (Certificate one : new PemFile(authority.get()).certificates()) {
            store.setCertificateEntry("authority-" + store.size(), one);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Reads the token. Blocks. @throws IOException with a sentence that does not quote the file */
    Optional<String> token() throws IOException {
        if (tokenFile.isEmpty()) {
            return Optional.empty();
        }
        Path file = tokenFile.get();
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file + " with a token");
        }
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LARGEST_FILE), StandardCharsets.ISO_8859_1);
            return Optional.of(text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .findFirst()
                    .filter(token -> token.matches("[!-~]{1," + LONGEST_TOKEN + "}"))
                    .orElseThrow(() -> new IOException(file + " has no token on a line of its own")));
        }
    }
}
