package dev.patchbay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.interfaces.RSAPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A certificate that vouches for itself, and its key, as PEM files. */
public record TestCertificates(Path certificate, Path key, Path oldStyleKey) {
    private static final String PASSWORD = "changeit";

    /** Makes one for the server or client of a name. */
    public static TestCertificates make(Path folder, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "a", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=" + name,
                "-ext",
                "san=dns:" + name, "-ext", "bc:c", "-validity", "2", "-keystore", store.toString(),
                "-storepass",
                PASSWORD).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        var key = (RSAPrivateKey) keys.getKey("a", PASSWORD.toCharArray());
        byte[] pkcs8 = Objects.requireNonNull(key).getEncoded();
        return new TestCertificates(
                pem(folder.resolve(name + ".pem"), "CERTIFICATE", keys.getCertificate("a").getEncoded()),
                pem(folder.resolve(name + ".pk8"), "PRIVATE KEY", pkcs8),
                // For 2048 bits PKCS #8 puts 26 bytes before what PKCS #1 says.
                pem(folder.resolve(name + ".pk1"), "RSA PRIVATE KEY",
                        Arrays.copyOfRange(pkcs8, 26, pkcs8.length)));
    }

    private static Path pem(Path file, String kind, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content);
        return Files.writeString(file,
                "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }
}
