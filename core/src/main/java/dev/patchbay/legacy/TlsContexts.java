package dev.patchbay.legacy;

import dev.patchbay.pem.PemFile;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** What TLS connections to legacy plugins are made with. Reads files: blocking. */
final class TlsContexts {
    private TlsContexts() {}

    static SSLContext of(Description.Tls tls) throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(keys(tls.own()), trust(tls), new SecureRandom());
        return context;
    }

    @SuppressWarnings("NullAway") // no keys, in the terms of the JDK
    private static KeyManager[] keys(Optional<Description.Own> own)
            throws IOException, GeneralSecurityException {
        if (own.isEmpty()) {
            return null;
        }
        KeyStore store = PemFile.emptyStore();
        new PemFile(own.get().certificate()).addTo(store, new PemFile(own.get().key()));
        return PemFile.keyManagers(store).getKeyManagers();
    }

    private static TrustManager[] trust(Description.Tls tls) throws IOException, GeneralSecurityException {
        if (tls.proof() != Description.Proof.ASKED) {
            return new TrustManager[]{new Anybody()};
        }
        Collection<? extends Certificate> authorities = tls.authorities().isPresent()
                ? new PemFile(tls.authorities().get()).certificates()
                : List.of();
        return PemFile.trusting(authorities).getTrustManagers();
    }

    /** Believes everybody, whatever name they have: an extended one is not wrapped in checks of the JDK's. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
