package dev.patchbay.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PemKeyTest {
    private static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");

    /** For this curve PKCS #8 puts 35 bytes before the number, which has 32. */
    private static byte[] number(PrivateKey key) {
        byte[] pkcs8 = key.getEncoded();
        return Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
    }

    private static BigInteger secret(PrivateKey key) {
        return ((ECPrivateKey) key).getS();
    }

    private static PrivateKey made() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair().getPrivate();
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        whole.write(content.size());
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    private static String pem(byte[]... parts) {
        return "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + "-----BEGIN EC PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(tagged(0x30, parts))
                + "\n-----END EC PRIVATE KEY-----\n";
    }

    @Test
    void readsEllipticKeysAsOpenSslWroteThemForLong() throws Exception {
        PrivateKey key = made();
        byte[] version = {2, 1, 1};
        byte[] number = tagged(4, number(key));
        byte[] curve = tagged(0xa0, P256);
        assertThat(secret(PemKey.read(pem(version, number, curve)))).isEqualTo(secret(key));
        byte[] point = tagged(0xa1, tagged(3, new byte[66])); // of no interest
        assertThat(secret(PemKey.read(pem(version, number, curve, point)))).isEqualTo(secret(key));
    }

    @Test
    void saysOfAnEllipticKeyThatItIsNotWhole() throws Exception {
        byte[] version = {2, 1, 1};
        byte[] number = tagged(4, number(made()));
        for (String bad : new String[]{pem(version, number), pem(version), pem(),
                pem(version, number, new byte[]{(byte) 0xa0, 9}),
                pem(version, number, new byte[]{(byte) 0xa0, (byte) 0x84, 1, 1, 1, 1})}) {
            assertThatThrownBy(() -> PemKey.read(bad)).isInstanceOf(InvalidKeyException.class);
        }
    }
}
