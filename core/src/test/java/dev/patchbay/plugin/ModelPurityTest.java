package dev.patchbay.plugin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The model knows values only: whatever it gets from elsewhere is an argument. */
class ModelPurityTest {

    private static final JavaClasses MODEL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.patchbay.plugin", "dev.patchbay.reference");

    private static final JavaClasses SPEC = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.patchbay.oci");

    @Test
    void usesNoReactorNoLoggerAndNoFiles() {
        noClasses().should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..", "org.slf4j..", "java.nio.file..", "java.net..",
                        "java.time..")
                .check(MODEL);
        noClasses().should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|.*Stream|.*Reader|.*Writer)")
                .check(MODEL);
    }

    @Test
    void knowsNothingOfTheEngineAroundIt() {
        noClasses().that()
                .resideInAPackage("dev.patchbay.plugin")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.patchbay", "dev.patchbay.engine..",
                        "dev.patchbay.store..", "dev.patchbay.oci..", "dev.patchbay.executor..")
                .check(MODEL);
        noClasses().that()
                .resideInAPackage("dev.patchbay.reference")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.patchbay.plugin")
                .check(MODEL);
    }

    @Test
    void letsOnlyLinuxHostLookAtTheMachine() {
        noClasses().that()
                .doNotHaveSimpleName("LinuxHost")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .check(SPEC);
        noClasses().should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..", "org.slf4j..", "java.time..")
                .check(SPEC);
    }
}
