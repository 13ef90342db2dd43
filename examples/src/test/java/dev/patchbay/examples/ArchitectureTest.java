package dev.patchbay.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.patchbay.testing.CodeRules;
import dev.patchbay.testing.SourceRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Examples keep the rules that everybody keeps, and are short enough to be read in one go. */
class ArchitectureTest {
    private static final JavaClasses CODE = CodeRules.mainCode();
    private static final int SHORT = 160;

    static Stream<ArchRule> rules() {
        // A main method, and Spring where it makes its beans, may wait.
        return Stream.concat(CodeRules.common().filter(rule -> !rule.getDescription().contains("blocking")),
                Stream.of(CodeRules.noSleep(), CodeRules.noConsole(), CodeRules.noSharedSchedulers(),
                        CodeRules.noVirtualThreads()));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void keepsTheCommonRules(ArchRule rule) {
        rule.check(CODE);
    }

    @Test
    void eachFileCanBeReadInOneGo() throws IOException {
        assertThat(SourceRules.packagesWithoutNullMarked(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longMethods(SourceRules.mainSources())).isEmpty();
        try (Stream<Path> files = Files.walk(SourceRules.mainSources())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(SHORT);
            }
        }
    }
}
