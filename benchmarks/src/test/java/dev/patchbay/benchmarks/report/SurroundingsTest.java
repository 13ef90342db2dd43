package dev.patchbay.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurroundingsTest {
    @Test
    void tellTheVersionsOfWhatIsComparedWithAsTheBuildHasThem() throws Exception {
        var versions = Surroundings.here().versions();

        assertThat(versions).containsKeys("java", "pekko", "disruptor", "jctools", "jmh", "netty", "reactor",
                "jackson");
        assertThat(versions.get("pekko")).matches("[0-9]+\\.[0-9]+.*");
        assertThat(versions.values()).noneMatch(it -> it.contains("${"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            runc version 1.1.5+ds1                                           | 1.1.5+ds1
            Docker version 20.10.24+dfsg1, build 5d6db84                     | 20.10.24+dfsg1
            containerd github.com/containerd/containerd v1.6.20~ds1 1.6.20~x | 1.6.20~ds1
            /usr/local/bin/docker-registry 2.8.2+ds1                         | 2.8.2+ds1
            patchbay 0.1.0-SNAPSHOT (Java 25.0.3+9-LTS)                      | 0.1.0-SNAPSHOT
            it does not say                                                  | it does not say
            """)
    void takesTheVersionFromWhatAProgramSays(String said, String version) {
        assertThat(Surroundings.versionIn(said)).isEqualTo(version);
    }
}
