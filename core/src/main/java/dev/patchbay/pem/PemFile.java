package dev.patchbay.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** A file with certificates or a key. Reading blocks; what is larger than 1 MiB is not read. */
public record PemFile(Path path) {
    private static final char[] NO_PASSWORD = new char[0];
    private static final int LARGEST_FILE = 1 << 20;

    /** The certificates in it. @throws IOException if there is none, or the file cannot be read */
    public Collection<? extends Certificate> certificates() throws IOException, GeneralSecurityException {
        try (var in = new ByteArrayInputStream(text().getBytes(StandardCharsets.ISO_8859_1))) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException(path.getFileName() + " holds no certificate");
            }
            return found;
        }
    }

    /** The key in it. */
    public PrivateKey key() throws IOException, GeneralSecurityException {
        return PemKey.read(text());
    }

    private String text() throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(Files.exists(path)
                    ? path.getFileName() + " is no file"
                    : "there is no " + path.getFileName());
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(LARGEST_FILE + 1);
            if (content.length > LARGEST_FILE) {
                throw new IOException(path.getFileName() + " is larger than " + LARGEST_FILE + " bytes");
            }
            return new String(content, StandardCharsets.ISO_8859_1);
        }
    }

    /** A store with nothing in it. */
    public static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /** Puts a certificate chain of this file into a store, with its key. */
    public void addTo(KeyStore store, PemFile key) throws IOException, GeneralSecurityException {
        store.setKeyEntry("pair-" + store.size(), key.key(), NO_PASSWORD,
                certificates().toArray(Certificate[]::new));
    }

    /** What shows the certificates that were put into a store. */
    public static KeyManagerFactory keyManagers(KeyStore store) throws GeneralSecurityException {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, NO_PASSWORD);
        return managers;
    }

    /** What trusts whom this machine trusts, and these too. */
    public static TrustManagerFactory trusting(Collection<? extends Certificate> added)
            throws IOException, GeneralSecurityException {
        var system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        system.init((KeyStore) null);
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
}
