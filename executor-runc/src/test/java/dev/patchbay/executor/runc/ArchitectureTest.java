package dev.patchbay.executor.runc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.patchbay.testing.CodeRules;
import dev.patchbay.testing.SourceRules;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the executor is built: it knows core's port and values, and nothing of the engine behind them. */
class ArchitectureTest {
    private static final JavaClasses CODE = CodeRules.mainCode();

    static Stream<ArchRule> common() {
        // These two wait on threads of their own for what the kernel announces to nobody: the end of a process that is
        // not our child, and of the last one in a cgroup (version 1).
        var waiting = CodeRules.noSleep(
                "dev.patchbay.executor.runc.ProcessIdentity", "dev.patchbay.executor.runc.Cgroups");
        return Stream.concat(CodeRules.common(),
                Stream.of(waiting, CodeRules.noSharedSchedulers(), CodeRules.noConsole(),
                        CodeRules.noProcessWideSettings(), CodeRules.noVirtualThreads(),
                        CodeRules.noLossyTimeouts()));
    }

    @ParameterizedTest
    @MethodSource("common")
    void keepsTheCommonRules(ArchRule rule) {
        rule.check(CODE);
    }

    @Test
    void usesThePortTheModelSyscallsOperatorsAndThreadsOnly() {
        CodeRules.packagesUseOnly(Map.of("dev.patchbay.executor.runc",
                Set.of("dev.patchbay.executor", "dev.patchbay.json", "dev.patchbay.plugin",
                        "dev.patchbay.stream", "dev.patchbay.syscall",
                        "dev.patchbay.thread")))
                .check(CODE);
        noClasses().should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "reactor.netty..", "ch.qos.logback..")
                .check(CODE);
    }

    @Test
    void oneClassStartsProcesses() {
        assertThat(CODE.stream()
                .filter(type -> type.getAccessesFromSelf()
                        .stream()
                        .anyMatch(access -> access.getTargetOwner().isEquivalentTo(ProcessBuilder.class)
                                && access.getTarget().getName().equals("start")))
                .map(type -> type.getSimpleName()))
                .hasSize(1);
    }

    @Test
    void packagesAreNullMarkedFilesAndMethodsAreShort() throws IOException {
        assertThat(SourceRules.packagesWithoutNullMarked(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longFiles(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longMethods(SourceRules.mainSources())).isEmpty();
    }
}
