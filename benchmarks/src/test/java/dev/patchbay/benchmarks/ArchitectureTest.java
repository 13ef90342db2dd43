package dev.patchbay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.patchbay.testing.CodeRules;
import dev.patchbay.testing.SourceRules;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the benchmarks are built: as all code of ours is, but that they may wait for what they measure. */
class ArchitectureTest {
    private static final JavaClasses CODE = CodeRules.mainCode();

    static Stream<ArchRule> rules() {
        return Stream.concat(CodeRules.common().filter(rule -> !rule.getDescription().contains("blocking")),
                Stream.of(CodeRules.noSleep()));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void keepsTheCommonRules(ArchRule rule) {
        rule.check(CODE);
    }

    @Test
    void packagesAreNullMarkedFilesAndMethodsAreShort() throws IOException {
        assertThat(SourceRules.packagesWithoutNullMarked(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longFiles(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longMethods(SourceRules.mainSources())).isEmpty();
    }
}
