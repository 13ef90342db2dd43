package dev.patchbay.web.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PullProgress;
import dev.patchbay.PushProgress;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.LayerProgress.Phase;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLinesTest {
    private static final Digest LAYER = Digest.parse("sha256:" + "0123456789abcdef".repeat(4));

    private final AtomicLong millis = new AtomicLong();
    private final PullLines pull = new PullLines(new Throttle(millis::get));
    private final PushLines push = new PushLines(new Throttle(millis::get));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "me/sample:1             | Pulling from me/sample              | 1",
            "sample                  | Pulling from sample                 | latest",
            "localhost:5000/a/b      | Pulling from localhost:5000/a/b     | latest"})
    void beginsWithWhatIsPulled(String remote, String status, String id) {
        Reference reference = Reference.parse(remote).withDefaultTag();
        assertThat(text(pull.of(new PullProgress.Resolved(reference, LAYER)))).isEqualTo(
                "{\"status\":\"" + status + "\",\"id\":\"" + id + "\"}\r\n{\"status\":\"Digest: " + LAYER
                        + "\"}\r\n");
    }

    @Test
    void showsAllOfAReferenceWithADigest() {
        Reference reference = Reference.parse("me/sample@" + LAYER);
        assertThat(text(pull.of(new PullProgress.Resolved(reference, LAYER))))
                .startsWith("{\"status\":\"Pulling from me/sample\",\"id\":\"docker.io/me/sample@" + LAYER
                        + "\"}\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "WAITING     | 0  | Waiting           | {}",
            "EXISTS      | 9  | Already exists    | {}",
            "DOWNLOADING | 0  | Pulling fs layer  | {}",
            "DOWNLOADING | 3  | Downloading       | {\"current\":3,\"total\":9}",
            "DOWNLOADED  | 9  | Download complete | {}",
            "EXTRACTING  | 0  | Extracting        | {\"total\":9}",
            "EXTRACTING  | 9  | Extracting        | {\"current\":9,\"total\":9}",
            "COMPLETE    | 9  | Complete          | {}"})
    void tellsHowFarALayerIs(Phase phase, long current, String status, String detail) {
        assertThat(text(pull.of(layer(phase, current)))).isEqualTo("{\"status\":\"" + status
                + "\",\"progressDetail\":" + detail + ",\"id\":\"0123456789ab\"}\r\n");
    }

    @Test
    void namesSettingsThatWereNotCarriedOver() {
        assertThat(text(pull.of(new PullProgress.SettingsDropped(List.of("FOO", "<BAR>&")))))
                .isEqualTo("{\"status\":\"Settings not carried over: FOO, \\u003cBAR\\u003e\\u0026\"}\r\n");
    }

    @Test
    void saysNothingAtTheEnd() {
        assertThat(pull.of(new PullProgress.Done(new PluginId("a".repeat(64))))).isEmpty();
    }

    @Test
    void tellsNumbersOfOnePhaseAtIntervalsAndTheLastOneAlways() {
        assertThat(pull.of(layer(Phase.DOWNLOADING, 1))).hasSize(1);
        assertThat(pull.of(layer(Phase.DOWNLOADING, 2))).isEmpty();
        millis.set(99);
        assertThat(pull.of(layer(Phase.DOWNLOADING, 3))).isEmpty();
        millis.set(100);
        assertThat(pull.of(layer(Phase.DOWNLOADING, 4))).hasSize(1);
        assertThat(pull.of(layer(Phase.DOWNLOADING, 9))).hasSize(1);
        assertThat(pull.of(layer(Phase.EXTRACTING, 1))).hasSize(1);
        assertThat(pull.of(layer(Phase.EXTRACTING, 2))).isEmpty();
    }

    @Test
    @DisplayName("D25: what is there already says so, and what is sent is complete when it is")
    void tellsTheTruthAboutAPushD25() {
        Stream<PushProgress> steps = Stream.of(
                new PushProgress.Started(Reference.parse("localhost:5000/me/sample:1")),
                blob(PushProgress.Phase.PREPARING, 0),
                blob(PushProgress.Phase.UPLOADING, 4),
                blob(PushProgress.Phase.UPLOADED, 9),
                blob(PushProgress.Phase.EXISTS, 9),
                blob(PushProgress.Phase.MOUNTED, 9),
                new PushProgress.Done("1", LAYER, 418));
        assertThat(steps.map(step -> text(push.of(step))).collect(Collectors.joining())).isEqualTo("""
                {"status":"The push refers to repository [localhost:5000/me/sample]"}
                {"status":"Preparing","progressDetail":{},"id":"0123456789ab"}
                {"status":"Uploading","progressDetail":{"current":4,"total":9},"id":"0123456789ab"}
                {"status":"Upload complete","progressDetail":{},"id":"0123456789ab"}
                {"status":"Already exists","progressDetail":{},"id":"0123456789ab"}
                {"status":"Mounted from another repository","progressDetail":{},"id":"0123456789ab"}
                {"status":"1: digest: %s size: 418"}
                {"progressDetail":{},"aux":{"Tag":"1","Digest":"%s","Size":418}}
                """.formatted(LAYER, LAYER).replace("\n", "\r\n"));
    }

    @Test
    void writesFailuresAsOldAndNewClientsReadThem() {
        assertThat(new String(ProgressJson.failure("no <space> \"left\""), UTF_8))
                .isEqualTo("{\"errorDetail\":{\"message\":\"no \\u003cspace\\u003e \\\"left\\\"\"},"
                        + "\"error\":\"no \\u003cspace\\u003e \\\"left\\\"\"}\r\n");
    }

    private static PullProgress layer(Phase phase, long current) {
        return new PullProgress.Layer(new LayerProgress(LAYER, phase, current, 9));
    }

    private static PushProgress blob(PushProgress.Phase phase, long current) {
        return new PushProgress.Blob(LAYER, phase, current, 9);
    }

    private static String text(List<byte[]> lines) {
        return lines.stream().map(line -> new String(line, UTF_8)).collect(Collectors.joining());
    }
}
