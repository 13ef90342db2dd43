package dev.patchbay.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README shows is what is compiled and tested. */
class ReadmeTest {
    private static final String BEGIN = "public record NettyHost";

    @Test
    void showsThePlainHostAsItIs() throws IOException {
        String code = Files.readString(Path.of("src/main/java/dev/patchbay/examples/netty/NettyHost.java"));
        assertThat(Files.readString(Path.of("../README.md")))
                .contains("```java\n" + code.substring(code.indexOf(BEGIN)) + "```\n");
    }
}
