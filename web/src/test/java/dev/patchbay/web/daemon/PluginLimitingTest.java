package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.limits.Seccomp;
import dev.patchbay.limits.SeccompProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What flags say about plugins' limits, and the file that one of them names. */
class PluginLimitingTest {
    @TempDir
    Path folder = Path.of("/");

    private PluginLimiting naming(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("profile.json"), json);
        return PluginLimiting
                .of(CommandLineFixture.given("--seccomp-profile", file.toString(), "--pids-limit", "9"));
    }

    @Test
    void readsAProfileFromItsFile() throws IOException {
        String json = "{\"defaultAction\":\"SCMP_ACT_LOG\"}";
        assertThat(naming(json).read().seccomp()).isEqualTo(new Seccomp.Custom(json));
        assertThat(naming(json).read().pidsMax()).hasValue(9);
    }

    @Test
    void refusesAProfileThatCannotBeHonouredAndOneThatIsNotThere() throws IOException {
        for (String json : new String[]{"",
                "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultErrno\":\"EPERM\"}",
                "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}" + " ".repeat(SeccompProfile.MAX_BYTES)}) {
            PluginLimiting limiting = naming(json);
            assertThatExceptionOfType(UsageException.class).isThrownBy(limiting::read)
                    .withMessageStartingWith(folder.resolve("profile.json")
                            + ": the seccomp profile cannot be used: ")
                    .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
        }
        var missing = PluginLimiting.of(CommandLineFixture.given("--seccomp-profile", "/nowhere/p.json"));
        assertThatExceptionOfType(UsageException.class).isThrownBy(missing::read)
                .withMessage("the seccomp profile /nowhere/p.json does not exist");
    }
}
