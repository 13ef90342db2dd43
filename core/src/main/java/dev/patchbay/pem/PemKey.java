package dev.patchbay.pem;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
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
 * A private key as OpenSSL writes it: PKCS #8 (RFC 5958), or the older forms of RSA (PKCS #1, RFC 8017) and of elliptic
 * curves (SEC 1, RFC 5915), which are the same content without its envelope.
 */
final class PemKey {
    private static final Pattern BLOCK = Pattern
            .compile(
                    "-----BEGIN (RSA |EC |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE KEY-----");
    /** Version 0, then the algorithm's name: rsaEncryption without parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
    private static final byte[] VERSION = HexFormat.of().parseHex("020100");
    /** id-ecPublicKey; its parameter is the curve. */
    private static final byte[] ELLIPTIC = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xa0;
    private static final int OCTETS = 0x04;

    private PemKey() {}

    static PrivateKey read(String pem) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new InvalidKeyException(
                    "a key is in none of the forms PKCS #8, PKCS #1 and SEC 1, or is encrypted");
        }
        byte[] content = decoded(block.group(2));
        byte[] pkcs8 = switch (block.group(1)) {
            case "" -> content;
            case "RSA " -> tagged(SEQUENCE, joined(RSA, tagged(OCTETS, content)));
            default -> tagged(SEQUENCE, joined(
                    joined(VERSION, tagged(SEQUENCE, joined(ELLIPTIC, curve(content)))),
                    tagged(OCTETS, content)));
        };
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

    /** What SEC 1 says of the curve: one of the parts of a sequence, after version and number. */
    private static byte[] curve(byte[] key) throws InvalidKeyException {
        var left = ByteBuffer.wrap(key);
        try {
            left = part(left, SEQUENCE);
            while (left.hasRemaining()) {
                int tag = left.get(left.position()) & 0xff;
                ByteBuffer part = part(left, tag);
                if (tag == CURVE) {
                    byte[] curve = new byte[part.remaining()];
                    part.get(curve);
                    return curve;
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException
                | ArithmeticException _) {
            throw new InvalidKeyException("a key is not whole"); // the cause would quote it
        }
        throw new InvalidKeyException("a key does not say which curve it is of");
    }

    /** Takes one part off, and gives its content. */
    private static ByteBuffer part(ByteBuffer from, int tag) {
        if ((from.get() & 0xff) != tag) {
            throw new IllegalArgumentException();
        }
        int length = from.get() & 0xff;
        if (length > 0x7f) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = Math.addExact(Math.multiplyExact(length, 1 << 8), from.get() & 0xff);
            }
        }
        ByteBuffer content = from.slice(from.position(), length);
        from.position(from.position() + length);
        return content;
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
