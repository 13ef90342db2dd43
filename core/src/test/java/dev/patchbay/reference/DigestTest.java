package dev.patchbay.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTest {

    @Test
    void hashesBytes() {
        assertThat(Digest.sha256("abc".getBytes(StandardCharsets.UTF_8)))
                .hasToString("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @ParameterizedTest
    @CsvSource({"sha256,64", "sha384,96", "sha512,128"})
    void readsBackWhatItPrints(String algorithm, int length) {
        String text = algorithm + ":" + "5".repeat(length);
        assertThat(Digest.parse(text)).hasToString(text);
        refuses(text + "5", "invalid checksum digest length");
        refuses(algorithm + ":" + "G".repeat(length), "invalid checksum digest format");
    }

    @Test
    void refusesWhatIsNoDigest() {
        refuses("", "invalid checksum digest format");
        refuses(":abc", "invalid checksum digest format");
        refuses("sha256:", "invalid checksum digest format");
        refuses("md5:abc", "unsupported digest algorithm");
        refuses("MD5:abc", "invalid checksum digest format");
    }

    private static void refuses(String text, String message) {
        assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(InvalidDigestException.class)
                .hasMessage(message);
    }
}
