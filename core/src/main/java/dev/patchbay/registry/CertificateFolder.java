package dev.patchbay.registry;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The certificates for one registry, in Docker's layout (Docker, "Verify repository client with certificates"; moby
 * {@code daemon/pkg/registry/registry.go}, {@code loadTLSConfig}). Blocking.
 */
record CertificateFolder(Path path) {
    private static final char[] NO_PASSWORD = new char[0];
    private static final int LARGEST_FILE = 1 << 20;

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
            case VERIFIED -> builder.trustManager(roots()).endpointIdentificationAlgorithm("HTTPS");
            case UNVERIFIED -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm("");
        }
        var keys = keys();
        if (keys.size() > 0) {
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, NO_PASSWORD);
            builder.keyManager(managers);
        }
        return builder.build();
    }

    private TrustManagerFactory roots() throws IOException, GeneralSecurityException {
        var system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        system.init((KeyStore) null);
        var added = new ArrayList<Certificate>();
        for (Path file : files()) {
            if (file.toString().endsWith(".crt")) {
                added.addAll(certificates(file));
            }
        }
        if (added.isEmpty()) {
            return system;
        }
        var all = emptyStore();
        for (var manager : system.getTrustManagers()) {
            for (X509Certificate known : ((X509TrustManager) manager).getAcceptedIssuers()) {
                all.setCertificateEntry("system-" + all.size(), known);
            }
        }
        for (Certificate own : added) {
            all.setCertificateEntry("own-" + all.size(), own);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(all);
        return factory;
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        var store = emptyStore();
        for (Path file : files()) {
            if (file.toString().endsWith(".cert")) {
                Path key = Path.of(file.toString().replaceFirst("\\.cert$", ".key"));
                if (!Files.isRegularFile(key)) {
                    throw new IOException(file.getFileName() + " has no " + key.getFileName()
                            + " beside it; certificates of authorities end in .crt");
                }
                store.setKeyEntry("pair-" + store.size(), PemKey.read(read(key)), NO_PASSWORD,
                        certificates(file).toArray(Certificate[]::new));
            }
        }
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (var in = new ByteArrayInputStream(read(file).getBytes(StandardCharsets.ISO_8859_1))) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException(file.getFileName() + " holds no certificate");
            }
            return found;
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file.getFileName() + " is larger than " + LARGEST_FILE + " bytes");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
