package dev.patchbay.executor.runc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on crun. */
@Tag("runtime")
class CrunPluginLimitsIT extends PluginLimitsIT {
    @BeforeAll
    static void needsCrun() {
        Optional<String> missing = Machine.missing("crun");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @Override
    void configure(RuncExecutorConfig.Builder builder, Path work) {
        builder.runtime("crun", RuntimeProgram.at(CrunExecutorContractIT.crun(work))).defaultRuntime("crun");
    }
}
