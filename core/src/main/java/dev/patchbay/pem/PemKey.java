package dev.patchbay.pem;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key as OpenSSL writes it: PKCS #8 (RFC 5958), or RSA's older form (PKCS #1, RFC 8017), which is the same
 * content without its envelope.
 */
final class PemKey {
    private static final Pattern BLOCK = Pattern
            .compile(
                    "-----BEGIN (RSA |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END (RSA |)PRIVATE KEY-----");
    /** Version 0, then the algorithm's name: rsaEncryption without parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;

    private PemKey() {}

    static PrivateKey read(String pem) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new InvalidKeyException(
                    "a key is in none of the forms PKCS #8 and PKCS #1, or is encrypted");
        }
        byte[] content = decoded(block.group(2));
        byte[] pkcs8 = block.group(1).isEmpty()
                ? content
                : tagged(SEQUENCE, joined(RSA, tagged(OCTETS, content)));
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException _) {
                // Not of this kind; the kind is written inside, where only the factories look.
            }
        }
        throw new InvalidKeyException("a key is of none of the kinds RSA, EC and EdDSA");
    }

    private static byte[] decoded(String text) throws InvalidKeyException {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new InvalidKeyException("a key is not whole"); // the cause would quote it
        }
    }

    /** DER: a tag, the length, the content. */
    private static byte[] tagged(int tag, byte[] content) {
        byte[] header = {(byte) tag, (byte) 0x83, (byte) (content.length >> 16), (byte) (content.length >> 8),
                (byte) content.length};
        return joined(header, content);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = new byte[one.length + other.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
