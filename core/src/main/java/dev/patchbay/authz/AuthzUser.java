package dev.patchbay.authz;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Who asks, as far as that is known.
 *
 * @param name the common name in the client's certificate; empty without one
 * @param method how the name is known: {@code TLS}; empty if there is none
 * @param certificates those that the client came with, its own first, each as PEM
 */
public record AuthzUser(String name, String method, List<byte[]> certificates) {
    /** Somebody: on a unix socket, or on TCP without certificates. Docker says no more of them either. */
    public static final AuthzUser UNKNOWN = new AuthzUser("", "", List.of());

    private static final String TLS = "TLS";
    private static final String COMMON_NAME = "CN";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[]{'\n'});

    /** Copies the list. */
    public AuthzUser {
        certificates = List.copyOf(certificates);
    }

    /** Whoever owns the first of these certificates, which were checked; {@link #UNKNOWN} if there are none. */
    public static AuthzUser of(List<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            return UNKNOWN;
        }
        var pem = new ArrayList<byte[]>();
        certificates.forEach(certificate -> pem.add(pem(certificate)));
        return new AuthzUser(commonName(certificates.getFirst().getSubjectX500Principal()), TLS, pem);
    }

    /** The last one in the subject, as Go reads it. */
    static String commonName(X500Principal subject) {
        String name = "";
        try {
            for (Rdn part : new LdapName(subject.getName()).getRdns()) {
                Attribute names = part.toAttributes().get(COMMON_NAME); // there may be others beside it: CN=a+C=b
                for (int i = 0; names != null && i < names.size(); i++) {
                    if (names.get(i) instanceof String text) { // what is no text is bytes
                        name = text;
                    }
                }
            }
        } catch (NamingException e) {
            throw new IllegalStateException("the JDK cannot read the name that it wrote", e);
        }
        return name;
    }

    private static byte[] pem(X509Certificate certificate) {
        try {
            String text = "-----BEGIN CERTIFICATE-----\n" + LINES.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            return text.getBytes(StandardCharsets.US_ASCII);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }
}
