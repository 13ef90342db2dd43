package dev.patchbay.executor.runc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * The executor contract on crun. Where the second cgroup hierarchy of a hybrid machine has controllers, crun refuses to
 * create; there it is run without that hierarchy, by a script that is configured as the runtime.
 */
@Tag("runtime")
class CrunExecutorContractIT extends RuncExecutorContractIT {
    private static final Path HYBRID = Path.of("/sys/fs/cgroup/unified/cgroup.controllers");
    private static final String WITHOUT_HYBRID = """
            #!/bin/sh
            exec unshare -m --propagation unchanged sh -c 'umount /sys/fs/cgroup/unified; exec crun "$@"' crun "$@"
            """;

    @BeforeAll
    static void needsCrun() {
        Optional<String> missing = Machine.missing("crun");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @Override
    void configure(RuncExecutorConfig.Builder builder) {
        builder.runtime("crun", RuntimeProgram.at(crun(work))).defaultRuntime("crun");
    }

    /** crun, in a form that works on this machine. */
    static Path crun(Path work) {
        try {
            if (!Files.exists(HYBRID) || Files.readString(HYBRID).isBlank()) {
                return RuntimeProgram.find("crun").orElseThrow();
            }
            Path script = work.resolve("crun-without-hybrid");
            Files.writeString(script, WITHOUT_HYBRID);
            return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
