package dev.patchbay.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurroundingsTest {
    @Test
    void tellTheVersionsOfWhatIsComparedWithAsTheBuildHasThem() throws Exception {
        var versions = Surroundings.here().versions();

        assertThat(versions).containsKeys("java", "pekko", "disruptor", "jctools", "jmh", "netty", "reactor",
                "jackson");
        assertThat(versions.get("pekko")).matches("[0-9]+\\.[0-9]+.*");
        assertThat(versions.values()).noneMatch(it -> it.contains("${"));
    }
}
