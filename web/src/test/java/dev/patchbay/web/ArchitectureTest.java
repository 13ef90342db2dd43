package dev.patchbay.web;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.testing.CodeRules;
import dev.patchbay.testing.SourceRules;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the server is built: handlers know the façade only; the daemon alone knows what is behind it, and blocks. */
class ArchitectureTest {
    private static final String DAEMON = "dev.patchbay.web.daemon";

    /** These two wait for times on Reactor's parallel scheduler, or hand it on for that; they run no work on it. */
    private static final String[] SHARE_A_TIMER = {"dev.patchbay.web.PluginServer", DAEMON + ".Daemon"};

    private static final JavaClasses CODE = CodeRules.mainCode();
    private static final JavaClasses BUT_THE_DAEMON = CODE.that(
            JavaClass.Predicates.resideOutsideOfPackage(DAEMON + ".."));

    static Stream<ArchRule> everywhere() {
        return CodeRules.common().filter(rule -> !rule.getDescription().contains("blocking"));
    }

    static Stream<ArchRule> outsideTheDaemon() {
        return Stream.of(CodeRules.noBlocking(), CodeRules.noConsole(),
                CodeRules.noSharedSchedulers(SHARE_A_TIMER));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void keepsTheCommonRules(ArchRule rule) {
        rule.check(CODE);
    }

    @ParameterizedTest
    @MethodSource("outsideTheDaemon")
    void onlyTheDaemonBlocksAndPrints(ArchRule rule) {
        rule.check(BUT_THE_DAEMON);
    }

    @Test
    void nobodySleepsOrNeedsACarrierAndTheDaemonSharesNoScheduler() {
        CodeRules.noSleep().check(CODE);
        CodeRules.noVirtualThreads().check(CODE);
        CodeRules.noLossyTimeouts().check(CODE);
        CodeRules.noSharedSchedulers(SHARE_A_TIMER).check(CODE);
    }

    @Test
    void handlersKnowTheFacadeAndNotWhatIsBehindIt() {
        DescribedPredicate<JavaClass> behind = resideInAnyPackage("dev.patchbay.engine..",
                "dev.patchbay.store..",
                "dev.patchbay.archive..", "dev.patchbay.oci..", "dev.patchbay.syscall..",
                "dev.patchbay.executor.runc..");
        // The façade answers with it.
        DescribedPredicate<JavaClass> report = type(GarbageReport.class);
        noClasses().should().dependOnClassesThat(behind.and(not(report))).check(BUT_THE_DAEMON);
    }

    @Test
    void theDaemonIsOnTop() {
        noClasses().should()
                .dependOnClassesThat()
                .resideInAnyPackage(DAEMON + "..", "dev.patchbay.benchmarks..")
                .check(BUT_THE_DAEMON);
        noClasses().should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.commons.cli..", "ch.qos.logback..")
                .check(BUT_THE_DAEMON);
    }

    @Test
    void packagesAreNullMarkedFilesAndMethodsAreShort() throws IOException {
        assertThat(SourceRules.packagesWithoutNullMarked(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longFiles(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longMethods(SourceRules.mainSources())).isEmpty();
    }
}
