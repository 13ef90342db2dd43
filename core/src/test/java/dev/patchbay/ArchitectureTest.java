package dev.patchbay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import dev.patchbay.testing.CodeRules;
import dev.patchbay.testing.SourceRules;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How core is built: which package may know which, what rules may touch, what nobody does. */
class ArchitectureTest {
    private static final String ROOT = "dev.patchbay";
    private static final JavaClasses CORE = CodeRules.mainCode();

    /** Packages of ours that each package may use. A new package says here what it needs. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry(ROOT, ours("event", "executor", "image", "limits", "metrics", "plugin", "reference",
                    "registry",
                    "store",
                    "use")),
            Map.entry(ROOT + ".use", ours("text")),
            Map.entry(ROOT + ".authz", Stream.concat(Stream.of(ROOT), ours("plugin", "text").stream())
                    .collect(Collectors.toSet())),
            Map.entry(ROOT + ".volume", Stream.concat(Stream.of(ROOT),
                    ours("event", "json", "plugin", "store", "stream", "syscall", "text", "thread", "use")
                            .stream())
                    .collect(Collectors.toSet())),
            Map.entry(ROOT + ".client",
                    Stream.concat(Stream.of(ROOT), ours("json", "stream", "text").stream())
                            .collect(Collectors.toSet())),
            Map.entry(ROOT + ".image", ours("json", "plugin", "reference")),
            Map.entry(ROOT + ".registry", ours("image", "json", "pem", "reference", "stream", "text")),
            Map.entry(ROOT + ".reference", ours()),
            Map.entry(ROOT + ".pem", ours()),
            Map.entry(ROOT + ".legacy", Stream.concat(Stream.of(ROOT),
                    ours("client", "json", "pem", "plugin", "stream", "text", "use").stream())
                    .collect(Collectors.toSet())),
            Map.entry(ROOT + ".syscall", ours()),
            Map.entry(ROOT + ".stream", ours()),
            Map.entry(ROOT + ".text", ours()),
            Map.entry(ROOT + ".thread", ours()),
            Map.entry(ROOT + ".json", ours()),
            Map.entry(ROOT + ".plugin", ours("json", "reference")),
            Map.entry(ROOT + ".event", ours("json", "plugin", "stream", "thread")),
            Map.entry(ROOT + ".event.client", ours("event", "json", "plugin")),
            Map.entry(ROOT + ".executor", ours("plugin")),
            Map.entry(ROOT + ".limits", ours("json")),
            Map.entry(ROOT + ".metrics", ours()),
            Map.entry(ROOT + ".metrics.micrometer", Stream.concat(Stream.of(ROOT), ours("metrics").stream())
                    .collect(Collectors.toSet())),
            Map.entry(ROOT + ".oci", ours("limits", "plugin", "executor")),
            Map.entry(ROOT + ".archive", ours("reference", "syscall")),
            Map.entry(ROOT + ".store",
                    ours("archive", "image", "json", "limits", "plugin", "reference", "stream", "syscall",
                            "thread",
                            "use")),
            Map.entry(ROOT + ".engine", Stream.concat(Stream.of(ROOT),
                    ours("archive", "client", "event", "executor", "image", "json", "legacy", "limits",
                            "metrics",
                            "oci",
                            "plugin",
                            "reference",
                            "registry",
                            "store", "stream", "thread", "use")
                            .stream())
                    .collect(Collectors.toSet())));

    private static final String RULES = "dev\\.patchbay\\.authz\\.(AuthzRules|Shown|Verdict)(\\$.*)?"
            + "|dev\\.patchbay\\.volume\\.(MountRules|Mount|Start|Seen|Book|Volume|VolumeFilter)(\\$.*)?"
            + "|dev\\.patchbay\\.engine\\.(.*Rules|PluginLifecycle|Evolution|Backoff|Decision"
            + "|Command|Fact|Effect|PluginState|Life|Refusal|Timer|Sentences|FactEvents)(\\$.*)?";

    private static Set<String> ours(String... names) {
        return Stream.of(names).map(name -> ROOT + "." + name).collect(Collectors.toSet());
    }

    static Stream<ArchRule> common() {
        return Stream.concat(CodeRules.common(),
                Stream.of(CodeRules.noSharedSchedulers(), CodeRules.noSleep(), CodeRules.noConsole(),
                        CodeRules.noVirtualThreads(),
                        CodeRules.noLossyTimeouts(),
                        // SQLite's driver takes the place of its native library from system properties only.
                        CodeRules.noProcessWideSettings("dev.patchbay.event.NativeSqlite")));
    }

    @ParameterizedTest
    @MethodSource("common")
    void keepsTheCommonRules(ArchRule rule) {
        rule.check(CORE);
    }

    @Test
    void packagesUseOnlyWhatTheyMay() {
        CodeRules.packagesUseOnly(MAY_USE).check(CORE);
    }

    @Test
    void rulesKnowNoClockNoChanceNoOutsideAndNoReactor() {
        noClasses().that()
                .haveNameMatching(RULES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..", "org.reactivestreams..", "org.slf4j..", "java.io..",
                        "java.nio..",
                        "java.net..", "java.util.concurrent..", "java.util.random..", "java.security..")
                .check(CORE);
        noClasses().that()
                .haveNameMatching(RULES)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.time\\.(Clock|InstantSource)|java\\.util\\.(Random|UUID|SplittableRandom)"
                                + "|java\\.lang\\.(Thread|Process.*)")
                .check(CORE);
        noClasses().that()
                .haveNameMatching(RULES)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .check(CORE);
    }

    @Test
    void theRulesAreWhereTheTestLooksForThem() {
        assertThat(CORE.stream().map(JavaClass::getName).filter(name -> name.matches(RULES)))
                .contains("dev.patchbay.engine.StoppedRules", "dev.patchbay.engine.PluginLifecycle",
                        "dev.patchbay.engine.Evolution", "dev.patchbay.engine.Fact$Enabled",
                        "dev.patchbay.authz.AuthzRules",
                        "dev.patchbay.volume.MountRules");
    }

    @Test
    void coreDependsOnNoOtherModule() {
        noClasses().should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.patchbay.web..", "dev.patchbay.executor.runc..",
                        "dev.patchbay.benchmarks..", "ch.qos.logback..", "org.apache.commons.cli..")
                .check(CORE);
    }

    @Test
    void onlyTheBindingKnowsMicrometerSoThatAnEngineRunsWithoutIt() {
        noClasses().that()
                .resideOutsideOfPackage(ROOT + ".metrics.micrometer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", ROOT + ".metrics.micrometer")
                .check(CORE);
    }

    @Test
    void onlyItsClientsKnowTheNetwork() {
        noClasses().that()
                .resideOutsideOfPackages(ROOT + ".registry", ROOT + ".event.client", ROOT + ".client")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "reactor.netty..")
                .check(CORE);
    }

    @Test
    void theEngineShowsItsDoorAndItsConfigurationOnly() {
        assertThat(CORE.stream()
                .filter(type -> type.getPackageName().equals(ROOT + ".engine"))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .filter(ArchitectureTest::reachable)
                .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("PluginEngine", "EngineConfig", "Builder", "ForCapability",
                        "Limits");
    }

    private static boolean reachable(JavaClass type) {
        return type.getEnclosingClass()
                .map(outer -> outer.getModifiers().contains(JavaModifier.PUBLIC) && !outer.isInterface())
                .orElse(true);
    }

    @Test
    void everyWayToFailIsFinalAndUsed() {
        waysToFail(PluginException.class).forEach(leaf -> {
            assertThat(Modifier.isFinal(leaf.getModifiers())).as(leaf.getName()).isTrue();
            assertThat(CORE.get(leaf).getConstructorCallsToSelf()).as("who makes a " + leaf.getName())
                    .isNotEmpty();
        });
    }

    private static Stream<Class<?>> waysToFail(Class<?> family) {
        return family.isSealed()
                ? Stream.of(family.getPermittedSubclasses()).flatMap(ArchitectureTest::waysToFail)
                : Stream.of(family);
    }

    @Test
    void packagesAreNullMarkedFilesAndMethodsAreShort() throws IOException {
        assertThat(SourceRules.packagesWithoutNullMarked(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longFiles(SourceRules.mainSources())).isEmpty();
        assertThat(SourceRules.longMethods(SourceRules.mainSources())).isEmpty();
    }
}
