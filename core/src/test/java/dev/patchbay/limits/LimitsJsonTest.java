package dev.patchbay.limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsJsonTest {
    private static final PluginLimits ENGINE = new PluginLimits(OptionalLong.of(32 << 20),
            OptionalLong.of(500_000_000), OptionalLong.of(20), true, true, new Seccomp.Builtin());

    private static LimitOverrides read(String json) {
        return LimitsJson.read(json.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}
            {"memoryBytes":6291456,"cpus":0.01,"pids":1,"noNewPrivileges":false,"readOnlyRootfs":true,"seccomp":"builtin"}
            {"memoryBytes":0,"cpus":0,"pids":0,"seccomp":"unconfined"}
            {"memoryBytes":1125899906842624,"cpus":1024,"pids":4194304}
            {"cpus":1.5,"seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}}
            """)
    void isReadAsItWasWritten(String json) {
        assertThat(LimitsJson.tree(read(json)).toString()).isEqualTo(json);
    }

    @Test
    void aProfileIsNotInASummary() {
        assertThat(LimitsJson.summary(read("{\"pids\":5,\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"}}"))
                .toString())
                .isEqualTo("{\"pids\":5,\"seccomp\":\"custom\"}");
        assertThat(LimitsJson.summary(read("{\"seccomp\":\"builtin\"}")).toString())
                .isEqualTo("{\"seccomp\":\"builtin\"}");
    }

    @Test
    void takesNullForWhatIsNotSet() {
        assertThat(read("{\"memoryBytes\":null,\"cpus\":null,\"noNewPrivileges\":null,\"seccomp\":null}"))
                .isEqualTo(LimitOverrides.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                    | must be a JSON object
            {"memoryBytes":6291455}               | the memory limit must be 6291456 to 1125899906842624 bytes, or 0 for none, not 6291455
            {"memoryBytes":-1}                    | the memory limit must be
            {"memoryBytes":1125899906842625}      | the memory limit must be
            {"memoryBytes":99999999999999999999}  | memoryBytes must be a whole number
            {"memoryBytes":1e7}                   | memoryBytes must be a whole number
            {"memoryBytes":"8388608"}             | memoryBytes must be a whole number
            {"cpus":0.001}                        | the CPU limit must be
            {"cpus":-1}                           | the CPU limit must be
            {"cpus":1025}                         | the CPU limit must be
            {"cpus":0.1234567891}                 | with 9 decimals at most
            {"cpus":1e999999999}                  | with 9 decimals at most
            {"cpus":"1"}                          | cpus must be a number
            {"pids":-1}                           | the pids limit must be 1 to 4194304 processes, or 0 for none, not -1
            {"pids":4194305}                      | the pids limit must be
            {"noNewPrivileges":1}                 | noNewPrivileges must be true or false
            {"seccomp":"default"}                 | seccomp must be "unconfined", "builtin" or a profile
            {"seccomp":[]}                        | seccomp must be "unconfined", "builtin" or a profile
            {"seccomp":{}}                        | defaultAction is "", which is not known
            {"memory":1}                          | there is no limit "memory"; there are cpus, memoryBytes,
            {"pids":1,"pids":2}                   | limits must be a JSON object
            {"pids":1} {}                         | limits must be a JSON object
            """)
    void refusesWhatMakesNoSense(String json, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(json)).withMessageContaining(message);
    }

    @Test
    void overridesStandInForTheEnginesLimitsOneByOneAndZeroLiftsThem() {
        assertThat(LimitOverrides.NONE.over(ENGINE)).isEqualTo(ENGINE);
        assertThat(read("{\"memoryBytes\":0,\"cpus\":0,\"pids\":0}").over(ENGINE)).isEqualTo(new PluginLimits(
                OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), true, true,
                new Seccomp.Builtin()));
        assertThat(read("{\"noNewPrivileges\":false,\"readOnlyRootfs\":false,\"seccomp\":\"unconfined\"}")
                .over(ENGINE))
                .isEqualTo(
                        new PluginLimits(ENGINE.memoryMaxBytes(), ENGINE.nanoCpus(), ENGINE.pidsMax(), false,
                                false, new Seccomp.Unconfined()));
        assertThat(read("{\"pids\":7}").over(PluginLimits.NONE).pidsMax()).hasValue(7);
        assertThat(new LimitOverrides(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(),
                Optional.of(true), Optional.empty(), Optional.empty()).over(PluginLimits.NONE)
                .noNewPrivileges())
                .isTrue();
    }

    @Test
    void anEngineCannotBeGivenAZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PluginLimits(OptionalLong.of(0),
                OptionalLong.empty(), OptionalLong.empty(), false, false, new Seccomp.Unconfined()));
    }
}
