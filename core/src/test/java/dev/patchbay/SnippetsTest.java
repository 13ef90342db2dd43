package dev.patchbay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Examples in Javadoc are compiled: each is a region of a test's source that there is, and none is left over. */
class SnippetsTest {
    private static final Pattern ASKED = Pattern
            .compile("\\{@snippet file=\"([^\"]+)\" region=\"([^\"]+)\"}");
    private static final Pattern GIVEN = Pattern.compile("// @start region=\"([^\"]+)\"");
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path TEST = Path.of("src", "test", "java");

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void eachExampleIsARegionOfCompiledCode() throws IOException {
        var used = new TreeSet<String>();
        for (Path file : sources()) {
            var asked = ASKED.matcher(Files.readString(file));
            while (asked.find()) {
                String given = Files.readString(TEST.resolve(asked.group(1)));
                assertThat(given).as(file.toString())
                        .contains("// @start region=\"" + asked.group(2) + "\"\n");
                used.add(asked.group(2));
            }
        }
        var regions = new TreeSet<String>();
        GIVEN.matcher(Files.readString(TEST.resolve("dev/patchbay/Snippets.java")))
                .results()
                .forEach(it -> regions.add(it.group(1)));
        assertThat(used).isEqualTo(regions);
    }

    @Test
    void packagesThatHostsUseHaveOne() throws IOException {
        var without = new ArrayList<String>();
        for (String name : List.of("", "archive", "authz", "client", "engine", "event", "event/client",
                "executor",
                "image", "legacy", "oci", "plugin", "reference", "registry", "store", "use", "volume")) {
            Path info = MAIN.resolve("dev/patchbay").resolve(name).resolve("package-info.java");
            if (!Files.readString(info).contains("{@snippet ")) {
                without.add(info.toString());
            }
        }
        assertThat(without).isEmpty();
    }
}
