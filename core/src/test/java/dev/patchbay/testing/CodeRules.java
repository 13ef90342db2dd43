package dev.patchbay.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Rules for the compiled main code of every module. */
public final class CodeRules {
    private static final Pattern BLOCKING = Pattern.compile("block.*|toStream|toIterable");
    private static final Set<String> SHARED = Set.of("boundedElastic", "parallel", "single", "immediate");
    private static final Set<String> VIRTUAL = Set.of("ofVirtual", "startVirtualThread",
            "newVirtualThreadPerTaskExecutor");
    private static final Set<String> PROCESS_WIDE = Set.of("java.lang.Runtime#addShutdownHook",
            "java.io.File#deleteOnExit", "java.lang.Thread#setDefaultUncaughtExceptionHandler",
            "java.lang.System#setProperty", "java.lang.System#clearProperty", "java.util.Locale#setDefault",
            "java.util.TimeZone#setDefault", "reactor.core.scheduler.Schedulers#setFactory",
            "reactor.core.scheduler.Schedulers#resetFactory",
            "reactor.core.scheduler.Schedulers#addExecutorServiceDecorator",
            "reactor.core.scheduler.Schedulers#onScheduleHook",
            "reactor.core.scheduler.Schedulers#onHandleError",
            "reactor.core.scheduler.Schedulers#shutdownNow");
    private static final String BAD_NAMES = ".*(Manager|Helper|Utils|Util|Impl)|(.*\\.)?Base[A-Z].*";
    private static final String OURS = "dev.patchbay";

    private CodeRules() {}

    /** The main classes of the module whose tests run. */
    public static JavaClasses mainCode() {
        return new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    /** Rules without exceptions of their own. */
    public static Stream<ArchRule> common() {
        return Stream.of(noCycles(), noBlocking(), noOnErrorContinue(), noHooks(), noBadNames(),
                noBadPackages());
    }

    static ArchRule noCycles() {
        return SlicesRuleDefinition.slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(OURS)
                        ? SliceIdentifier.of(type.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        }).should().beFreeOfCycles();
    }

    /** Nobody waits for a publisher. */
    public static ArchRule noBlocking() {
        return noAccess("blocking calls on publishers", access -> isPublisher(access.getTarget())
                && BLOCKING.matcher(access.getTarget().getName()).matches());
    }

    static ArchRule noOnErrorContinue() {
        return noAccess("onErrorContinue, which reaches operators that never agreed to it",
                access -> access.getTarget().getName().equals("onErrorContinue"));
    }

    static ArchRule noHooks() {
        return noAccess("Reactor's global hooks",
                access -> access.getTargetOwner().isEquivalentTo(Hooks.class));
    }

    /** No schedulers that the whole process shares, except in the classes given. */
    public static ArchRule noSharedSchedulers(String... exceptions) {
        return noAccess("schedulers that everyone shares",
                access -> access.getTargetOwner().isEquivalentTo(Schedulers.class)
                        && SHARED.contains(access.getTarget().getName())
                        && isNot(access, exceptions));
    }

    /** No shutdown hook, and no setting that the whole process shares, except in the classes given: the process is the host's. */
    public static ArchRule noProcessWideSettings(String... exceptions) {
        return noAccess("what is the whole process's",
                access -> PROCESS_WIDE
                        .contains(access.getTargetOwner().getName() + "#" + access.getTarget().getName())
                        && isNot(access, exceptions));
    }

    /** No sleeping, except in the classes given. */
    public static ArchRule noSleep(String... exceptions) {
        return noAccess("sleeping", access -> access.getTargetOwner().isEquivalentTo(Thread.class)
                && access.getTarget().getName().equals("sleep") && isNot(access, exceptions));
    }

    /** No virtual threads: what holds their carriers, in the host too, would hold up this work. */
    public static ArchRule noVirtualThreads() {
        return noAccess("virtual threads", access -> VIRTUAL.contains(access.getTarget().getName()));
    }

    /**
     * No {@code timeout} of Reactor's, except in the classes given: what comes while its subscriber is cancelling goes to the
     * hooks for what is dropped.
     */
    public static ArchRule noLossyTimeouts(String... exceptions) {
        return noAccess("timeout of Reactor's: TimeLimit is for that",
                access -> isPublisher(access.getTarget())
                        && access.getTarget().getName().equals("timeout")
                        && isNot(access, exceptions));
    }

    /** No console, except in the classes given. */
    public static ArchRule noConsole(String... exceptions) {
        return noAccess("the console", access -> access.getTargetOwner().isEquivalentTo(System.class)
                && Set.of("out", "err", "in").contains(access.getTarget().getName())
                && isNot(access, exceptions));
    }

    static ArchRule noBadNames() {
        return noClasses().should()
                .haveNameMatching("(.*[.$])?(" + BAD_NAMES + ")")
                .because("a name says what a class is, not that it is code");
    }

    static ArchRule noBadPackages() {
        return noClasses().should()
                .resideInAnyPackage("..util..", "..impl..", "..helper..", "..common..", "..manager..");
    }

    /** Each package uses only the packages of ours that are listed for it; a package that is not listed fails. */
    public static ArchRule packagesUseOnly(Map<String, Set<String>> allowed) {
        return ArchRuleDefinition.classes()
                .should(new ArchCondition<>("use only packages that are allowed to them") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        String from = type.getPackageName();
                        var used = new TreeSet<String>();
                        type.getDirectDependenciesFromSelf()
                                .forEach(
                                        dependency -> used.add(dependency.getTargetClass()
                                                .getBaseComponentType()
                                                .getPackageName()));
                        used.removeIf(name -> !name.startsWith(OURS) || name.equals(from));
                        used.removeAll(allowed.getOrDefault(from, Set.of()));
                        boolean known = allowed.containsKey(from);
                        events.add(new SimpleConditionEvent(type, known && used.isEmpty(), type.getName()
                                + (known
                                        ? " uses " + used
                                        : " is in a package of which nobody said what it may use")));
                    }
                });
    }

    private static boolean isNot(JavaAccess<?> access, String... exceptions) {
        String name = access.getOriginOwner().getName();
        return Stream.of(exceptions).noneMatch(name::equals);
    }

    private static boolean isPublisher(AccessTarget target) {
        return target.getOwner().isAssignableTo(Mono.class) || target.getOwner().isAssignableTo(Flux.class);
    }

    private static ArchRule noAccess(String what, DescribedAccess which) {
        return noClasses().should().accessTargetWhere(DescribedPredicate.describe(what, which::test));
    }

    /** Tells which accesses a rule is about. */
    private interface DescribedAccess {
        boolean test(JavaAccess<?> access);
    }
}
