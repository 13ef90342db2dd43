package dev.patchbay.image;

import static dev.patchbay.image.Manifests.entry;
import static dev.patchbay.image.Manifests.index;
import static dev.patchbay.image.Manifests.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.reference.Digest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which entry of an index is followed. */
class ImageIndexTest {

    /** In an index of these platforms, which one is taken, counted from 0; or the sentence. */
    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            linux/amd64    | linux/arm64 linux/amd64                    | 1
            linux/amd64    | linux/arm64 linux/s390x                    | it offers linux/arm64, linux/s390x, not linux/amd64
            linux/amd64    | windows/amd64                              | it offers windows/amd64, not linux/amd64
            linux/amd64    | linux/x86_64                               | 0
            linux/amd64    | linux/386                                  | it offers linux/386, not linux/amd64
            linux/amd64    | linux/amd64/v3                             | it offers linux/amd64/v3, not linux/amd64
            linux/amd64    | linux/amd64/v2 linux/amd64/v1              | 1
            linux/amd64/v3 | linux/amd64 linux/amd64/v2                 | 1
            linux/amd64/v3 | linux/amd64/v4 linux/amd64                 | 1
            linux/amd64    | linux/amd64 linux/amd64                    | 0
            linux/arm64/v8 | linux/arm/v7 linux/arm64                   | 1
            linux/arm64    | linux/arm64/v8                             | 0
            linux/arm64/v8 | linux/aarch64                              | 0
            linux/arm64/v9 | linux/arm64                                | 0
            linux/arm64/v8 | linux/arm64/v9                             | it offers linux/arm64/v9, not linux/arm64/v8
            linux/arm/v7   | linux/arm/v5 linux/arm/v6                  | 1
            linux/arm/v7   | linux/arm/v5 linux/arm/v7 linux/arm/v6     | 1
            linux/arm/v6   | linux/arm/v7                               | it offers linux/arm/v7, not linux/arm/v6
            linux/arm      | linux/arm/v7                               | 0
            linux/arm/v6   | linux/armel                                | 0
            linux/amd64    | unknown/unknown linux/amd64                | 1
            linux/amd64    | unknown/unknown                            | it offers no image at all, not linux/amd64
            linux/amd64    | -                                          | 0
            linux/amd64    | unknown/unknown -                          | 1
            linux/amd64    | - linux/amd64                              | 1
            linux/amd64    | - -                                        | it offers 2 images without a platform, not linux/amd64
            linux/amd64    | - linux/arm64                              | it offers linux/arm64, 1 image without a platform, not linux/amd64
            """)
    void choosesAPlatform(String wanted, String offered, String expected) {
        String[] platforms = offered.split(" ", -1);
        ImageIndex index = parse(IntStream.range(0, platforms.length)
                .mapToObj(i -> entry(digest(i), platforms[i].equals("-") ? "" : platforms[i]))
                .toArray(String[]::new));

        if (expected.startsWith("it ")) {
            assertThatThrownBy(() -> index.choose(platform(wanted)))
                    .isInstanceOf(InvalidImageException.class)
                    .hasMessage(expected);
        } else {
            assertThat(index.choose(platform(wanted)).digest()).isEqualTo(digest(Integer.parseInt(expected)));
        }
    }

    @Test
    void takesOnlyTheChosenOneOfAnIndexD20() {
        ImageIndex index = parse(entry(digest(0), "linux/amd64"), entry(digest(1), "linux/amd64"));

        assertThat(index.choose(platform("linux/amd64")).digest()).isEqualTo(digest(0));
    }

    @Test
    void leadsOnToANestedIndexD3() {
        ImageIndex index = parse(entry(MediaType.OCI_INDEX, digest(0), ""));

        assertThat(index.choose(platform("linux/amd64")).mediaType()).isEqualTo(MediaType.OCI_INDEX);
    }

    @Test
    void passesOverWhatIsNoImage() {
        ImageIndex index = parse(entry("application/vnd.example+json", digest(0), "linux/amd64"),
                entry(digest(1), "linux/amd64"));

        assertThat(index.choose(platform("linux/amd64")).digest()).isEqualTo(digest(1));
    }

    @Test
    void treatsEmptyWordsAsNoPlatform() {
        ImageIndex index = parse(entry(digest(0), "/"));

        assertThat(index.choose(platform("linux/amd64")).digest()).isEqualTo(digest(0));
    }

    @Test
    void listsNoMoreThanTwentyPlatforms() {
        ImageIndex index = parse(IntStream.range(0, 25)
                .mapToObj(i -> entry(digest(i), "linux/a" + i))
                .toArray(String[]::new));

        assertThatThrownBy(() -> index.choose(platform("linux/amd64")))
                .hasMessageEndingWith("linux/a19 and 5 more, not linux/amd64");
    }

    @Test
    void knowsThisMachine() {
        assertThat(Platform.host().os()).isEqualTo("linux");
        assertThat(Platform.host().runnable()).first().isEqualTo(Platform.host().normalized());
    }

    private static ImageIndex parse(String... entries) {
        return (ImageIndex) Manifest.parse(raw(MediaType.OCI_INDEX, index(entries)));
    }

    private static Digest digest(int i) {
        return Digest.sha256(new byte[]{(byte) i});
    }

    private static Platform platform(String text) {
        String[] parts = text.split("/", -1);
        return new Platform(parts[0], parts[1], Arrays.stream(parts).skip(2).findFirst().or(Optional::empty));
    }
}
