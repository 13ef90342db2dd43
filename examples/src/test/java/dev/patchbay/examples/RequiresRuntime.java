package dev.patchbay.examples;

import dev.patchbay.executor.runc.RuntimeProgram;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks tests that run real plugins: they are skipped, with a word, where that cannot be. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRuntime.Condition.class)
public @interface RequiresRuntime {
    /** The check behind the annotation. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Optional<String> missing = missing();
            missing.ifPresent(
                    it -> System.err.println("skipped " + context.getDisplayName() + ": needs " + it));
            return missing.map(it -> ConditionEvaluationResult.disabled("needs " + it))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("plugins can be run"));
        }

        private static Optional<String> missing() {
            if (!"root".equals(System.getProperty("user.name"))) {
                return Optional.of("root");
            }
            for (String program : new String[]{"conmon", "runc"}) {
                if (RuntimeProgram.find(program).isEmpty()) {
                    return Optional.of(program);
                }
            }
            return Files.isExecutable(Sample.BUILT.resolve("rootfs/sample-plugin"))
                    ? Optional.empty()
                    : Optional.of("the sample plugin in " + Sample.BUILT);
        }
    }
}
