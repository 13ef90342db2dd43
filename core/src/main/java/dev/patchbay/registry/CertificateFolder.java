package dev.patchbay.registry;

import dev.patchbay.pem.PemFile;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The certificates for one registry, in Docker's layout (Docker, "Verify repository client with certificates"; moby
 * {@code daemon/pkg/registry/registry.go}, {@code loadTLSConfig}). Blocking.
 */
record CertificateFolder(Path path) {
    /** The folder of a registry, which need not exist. */
    static CertificateFolder of(Path root, Origin origin) {
        Path named = root.resolve(origin.authority());
        return new CertificateFolder(
                Files.isDirectory(named) ? named : root.resolve(origin.host() + ":" + origin.port()));
    }

    /** Tells one content from another. */
    record Stamp(Map<String, FileTime> files) {}

    Stamp stamp() throws IOException {
        var times = new TreeMap<String, FileTime>();
        for (Path file : files()) {
            times.put(file.toString(), Files.getLastModifiedTime(file));
        }
        return new Stamp(times);
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (var files = Files.list(path)) {
            return files.filter(file -> file.toString().matches(".*\\.(crt|cert|key)")).sorted().toList();
        }
    }

    /** What connections are made with. */
    SslContext context(Trust trust) throws IOException, GeneralSecurityException {
        var builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2");
        switch (trust) {
            case VERIFIED -> builder.trustManager(PemFile.trusting(authorities()))
                    .endpointIdentificationAlgorithm("HTTPS");
            case UNVERIFIED -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm("");
        }
        var keys = keys();
        if (keys.size() > 0) {
            builder.keyManager(PemFile.keyManagers(keys));
        }
        return builder.build();
    }

    private List<Certificate> authorities() throws IOException, GeneralSecurityException {
        var added = new ArrayList<Certificate>();
        for (Path file : files()) {
            if (file.toString().endsWith(".crt")) {
                added.addAll(new PemFile(file).certificates());
            }
        }
        return added;
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        var store = PemFile.emptyStore();
        for (Path file : files()) {
            if (file.toString().endsWith(".cert")) {
                Path key = Path.of(file.toString().replaceFirst("\\.cert$", ".key"));
                if (!Files.isRegularFile(key)) {
                    throw new IOException(file.getFileName() + " has no " + key.getFileName()
                            + " beside it; certificates of authorities end in .crt");
                }
                new PemFile(file).addTo(store, new PemFile(key));
            }
        }
        return store;
    }
}
