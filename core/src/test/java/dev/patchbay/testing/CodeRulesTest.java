package dev.patchbay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule finds the one who breaks it. */
class CodeRulesTest {
    private static final String OFFENDER = "dev.patchbay.testing.offender.OffenceManager";
    private static final JavaClasses OFFENDERS = new ClassFileImporter()
            .importPackages("dev.patchbay.testing.offender");

    static Stream<ArchRule> rules() {
        return Stream.concat(CodeRules.common(), Stream.of(
                CodeRules.noSharedSchedulers(), CodeRules.noSleep(), CodeRules.noConsole(),
                CodeRules.noProcessWideSettings(), CodeRules.noVirtualThreads(),
                CodeRules.noLossyTimeouts(),
                CodeRules.packagesUseOnly(Map.of()),
                CodeRules.packagesUseOnly(Map.of("dev.patchbay.testing.offender", Set.of()))));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleBites(ArchRule rule) {
        assertThatThrownBy(() -> rule.check(OFFENDERS)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aMethodReferenceIsFoundLikeACall() {
        assertThatThrownBy(() -> CodeRules.noBlocking().check(OFFENDERS))
                .hasMessageContaining("blockOptional")
                .hasMessageContaining("toIterable");
    }

    @Test
    void exceptionsAreSpared() {
        CodeRules.noSleep(OFFENDER).check(OFFENDERS);
        CodeRules.noLossyTimeouts(OFFENDER).check(OFFENDERS);
        CodeRules.noConsole(OFFENDER).check(OFFENDERS);
        CodeRules.noProcessWideSettings(OFFENDER).check(OFFENDERS);
        CodeRules.noSharedSchedulers(OFFENDER).check(OFFENDERS);
    }

    @Test
    void findsLongFilesLongMethodsAndUnmarkedPackages(@TempDir Path root) throws IOException {
        Path folder = Files.createDirectory(root.resolve("p"));
        Files.writeString(folder.resolve("Long.java"), "class Long { void fits() {" + "\n".repeat(39)
                + "}\nvoid tooLong() {" + "\n".repeat(40) + "} }" + "\n".repeat(400));
        assertThat(SourceRules.longFiles(root)).hasSize(1);
        assertThat(SourceRules.longMethods(root)).singleElement().asString().contains("tooLong has 41 lines");
        assertThat(SourceRules.packagesWithoutNullMarked(root)).hasSize(1);
        Files.writeString(folder.resolve("package-info.java"), "/** P. */\n@NullMarked\npackage p;\n");
        assertThat(SourceRules.packagesWithoutNullMarked(root)).isEmpty();
    }
}
