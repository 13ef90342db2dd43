package dev.patchbay.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatWasWrittenIsRead() throws IOException {
        Path file = folder.resolve("results.json");
        ResultsFile.write(file, Examples.results());
        assertThat(ResultsFile.read(file)).isEqualTo(Examples.results());
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".new"));
    }

    @Test
    void theFileIsAsTheReadmeDescribesIt() throws IOException {
        Path file = folder.resolve("results.json");
        ResultsFile.write(file, Examples.results());
        assertThat(Files.readString(file))
                .startsWith(
                        "{\"schema\":\"patchbay-benchmarks\",\"version\":1,\"time\":{\"began\":\"2026-11-01T10:00:00Z\"")
                .contains(
                        "\"unit\":{\"name\":\"ms\",\"better\":\"lower\"},\"samples\":{\"values\":[1.0,1.5,1.25],\"counts\":[]}")
                .contains("\"along\":{\"line\":\"list\",\"parameter\":\"plugins\",\"value\":10.0}")
                .contains("\"bound\":\"at least\",\"limit\":2.0,\"unit\":\"/s\",\"met\":true")
                .contains("\"load\":{\"before\":\"0.1 0.2 0.3\",\"after\":\"1.1 0.5 0.4\"}");
    }

    @Test
    void fieldsThatNobodyKnowsYetArePassedOver() throws IOException {
        Path file = folder.resolve("results.json");
        ResultsFile.write(file, Examples.results());
        String more = Files.readString(file)
                .replace("\"version\":1,", "\"version\":1,\"weather\":{\"sky\":\"blue\"},");
        assertThat(parsed(more)).isEqualTo(Examples.results());
    }

    @Test
    void resultsFromBeforeRunsThatWereNotCarriedOutWereWrittenDownAreRead() throws IOException {
        Path file = folder.resolve("results.json");
        ResultsFile.write(file, Examples.results());
        String old = Files.readString(file).replaceFirst(",\"notCarriedOut\":\\[.*]}$", "}");
        assertThat(old).doesNotContain("notCarriedOut");
        Results read = parsed(old);
        assertThat(read.runs()).isEqualTo(Examples.results().runs());
        assertThat(read.notCarriedOut()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path file = folder.resolve("results.json");
        ResultsFile.write(file, Examples.results());
        String sound = Files.readString(file);
        refuses("{\"schema\":", "is not JSON");
        refuses("[1, 2]", "no results of these benchmarks");
        refuses("{\"schema\":\"something-else\",\"version\":1}", "no results of these benchmarks");
        refuses(sound.replace("\"version\":1,", "\"version\":2,"), "version 2 of the schema");
        refuses(sound.replace("\"values\":[1.0,1.5,1.25]", "\"values\":[]"), "no sound results");
        refuses(sound.replace("\"values\":[1.0,1.5,1.25]", "\"values\":[null]"), "no sound results");
        refuses(sound.replace("\"kernel\":\"6.1\"", "\"kernel\":null"), "no sound results");
        refuses("{\"schema\":\"patchbay-benchmarks\",\"version\":1}", "no sound results");
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertThatIOException().isThrownBy(() -> ResultsFile.read(folder.resolve("none.json")))
                .withMessageContaining("none.json is not there");
        assertThatIOException().isThrownBy(() -> ResultsFile.read(folder)).withMessageContaining("no file");
    }

    private static Results parsed(String json) throws IOException {
        return ResultsFile.parse("a.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuses(String json, String sentence) {
        assertThatIOException().as(json)
                .isThrownBy(() -> parsed(json))
                .withMessageStartingWith("a.json ")
                .withMessageContaining(sentence);
    }
}
