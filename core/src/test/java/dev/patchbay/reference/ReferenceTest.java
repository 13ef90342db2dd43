package dev.patchbay.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest(name = "{0} is {1}, familiar {2}")
    @CsvSource({
            "u, docker.io/library/u, u",
            "u:v1, docker.io/library/u:v1, u:v1",
            "library/u, docker.io/library/u, u",
            "docker.io/u, docker.io/library/u, u",
            "docker.io/library/u, docker.io/library/u, u",
            "index.docker.io/library/u:latest, docker.io/library/u:latest, u:latest",
            "index.docker.io/u, docker.io/library/u, u",
            "vieux/sshfs, docker.io/vieux/sshfs, vieux/sshfs",
            "library/a/b, docker.io/library/a/b, library/a/b",
            "localhost/a, localhost/a, localhost/a",
            "localhost:5000/a/b:t, localhost:5000/a/b:t, localhost:5000/a/b:t",
            "Upper/a, Upper/a, Upper/a",
            "docker.io/d.e/f, docker.io/d.e/f, docker.io/d.e/f",
            "reg.example/library/u, reg.example/library/u, reg.example/library/u",
            "[2001:db8::1]:5000/a, [2001:db8::1]:5000/a, [2001:db8::1]:5000/a",
            "a__b/c.d/e---f, docker.io/a__b/c.d/e---f, a__b/c.d/e---f",
            "foo/bar-1_x:_Tag.1-x, docker.io/foo/bar-1_x:_Tag.1-x, foo/bar-1_x:_Tag.1-x"})
    void normalises(String text, String full, String familiar) {
        Reference reference = Reference.parse(text);
        assertThat(reference.full()).isEqualTo(full);
        assertThat(reference.familiar()).isEqualTo(familiar);
    }

    @ParameterizedTest(name = "refuses {0}")
    @ValueSource(strings = {"", " ", "a b", "/a", "a/", "a//b", "-a", "a-", "a___b", "a..b", "a:", "a:-x",
            "a@", "a:b:c",
            "a@sha256:abc", "foo_bar.com/x", "-x.y/a", "x.y:port/a", "http://a/b", "a/b:5000/C", "a\n",
            "[::1/a"})
    void refusesWhatTheGrammarDoesNotKnow(String text) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessage("invalid reference format");
    }

    @Test
    void saysWhyEachOtherMistakeIsOne() {
        refuses(HEX, "invalid repository name (" + HEX + "), cannot specify 64-byte hexadecimal strings");
        refuses("Foo", "invalid reference format: repository name (library/Foo) must be lowercase");
        refuses("a/Foo:t", "invalid reference format: repository name (a/Foo) must be lowercase");
        refuses("x.y/" + "a".repeat(256), "repository name must not be more than 255 characters");
        refuses("a@sha256:" + "a".repeat(32), "invalid checksum digest length");
        refuses("a@sha256:" + "A".repeat(64), "invalid checksum digest format");
        refuses("a@foo256:" + HEX, "unsupported digest algorithm");
        assertThatThrownBy(() -> Reference.parse("a").withTag("-")).hasMessage("invalid tag format");
    }

    @Test
    void acceptsTheLongestPathAndTag() {
        String path = "a".repeat(255);
        String tag = "t".repeat(128);
        assertThat(Reference.parse("x.y/" + path + ":" + tag).full()).isEqualTo("x.y/" + path + ":" + tag);
        refuses("x.y/a:" + tag + "t", "invalid reference format");
    }

    @Test
    void addsTheDefaultTagOnlyWhereNothingElsePointsAtAVersion() {
        assertThat(Reference.parse("a").withDefaultTag().familiar()).isEqualTo("a:latest");
        assertThat(Reference.parse("a:x").withDefaultTag().familiar()).isEqualTo("a:x");
        assertThat(Reference.parse("a@sha256:" + HEX).withDefaultTag().tag()).isEmpty();
    }

    @Test
    void keepsTagAndDigestApart() {
        Reference reference = Reference.parse("a/b:v1@sha256:" + HEX);
        assertThat(reference.tag()).isEqualTo(Optional.of("v1"));
        assertThat(reference.digest().map(Digest::hex)).isEqualTo(Optional.of(HEX));
        assertThat(reference.withoutTag().full()).isEqualTo("docker.io/a/b@sha256:" + HEX);
        assertThat(reference.withoutDigest().full()).isEqualTo("docker.io/a/b:v1");
    }

    @Test
    void readsAHugeTextWithoutExhaustingTheStack() {
        refuses("a/".repeat(200_000) + "!", "invalid reference format");
        refuses("a.".repeat(200_000) + "/x", "invalid reference format");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readsBackWhatItPrints(long seed) {
        Reference reference = random(new Random(seed));
        assertThat(Reference.parse(reference.full())).isEqualTo(reference);
        assertThat(Reference.parse(reference.familiar())).isEqualTo(reference);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static Reference random(Random random) {
        String[] domains = {"docker.io", "localhost", "localhost:5000", "reg.example.org", "[::1]:80",
                "UP:1"};
        String domain = domains[random.nextInt(domains.length)];
        var path = new StringBuilder(domain.equals("docker.io") && random.nextBoolean() ? "library/" : "");
        String[] parts = {"a", "b1", "x_y", "x__y", "p--q", "d.e", "library"};
        path.append(parts[random.nextInt(parts.length)]);
        int more = domain.equals("docker.io") && path.indexOf("/") < 0 ? 1 : random.nextInt(3);
        for (int i = 0; i < more; i++) {
            path.append('/').append(parts[random.nextInt(parts.length)]);
        }
        Optional<String> tag = random.nextBoolean()
                ? Optional.of("T_" + random.nextInt(99) + ".x")
                : Optional.empty();
        byte[] content = {(byte) random.nextInt()};
        Optional<Digest> digest = random.nextBoolean()
                ? Optional.of(Digest.sha256(content))
                : Optional.empty();
        return new Reference(domain, path.toString(), tag, digest);
    }

    private static void refuses(String text, String message) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessage(message);
    }
}
