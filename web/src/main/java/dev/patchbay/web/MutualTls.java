package dev.patchbay.web;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Encryption with certificates on both sides.
 *
 * @param context what connections are made with
 * @param serverNames the names in our own certificate, which clients may put into {@code Host}
 */
record MutualTls(SslContext context, Set<String> serverNames) {
    private static final int DNS_NAME = 2; // RFC 5280, GeneralName
    private static final int IP_ADDRESS = 7;

    /** Reads the files. Blocking. */
    static MutualTls read(TlsFiles files) throws IOException {
        try (var chain = Files.newInputStream(files.certificate())) {
            var context = SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
                    .sslProvider(SslProvider.JDK)
                    .trustManager(files.authority().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
            var own = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(chain);
            return new MutualTls(context, names(own));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the certificates of " + files + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        var names = new HashSet<String>();
        if (alternatives != null) {
            for (List<?> name : alternatives) {
                if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
                    names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        }
        return Set.copyOf(names);
    }
}
