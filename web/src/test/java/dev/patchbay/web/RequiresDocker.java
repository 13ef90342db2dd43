package dev.patchbay.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks tests that run an unmodified docker: they are skipped, with a word, where there is none. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresDocker.Condition.class)
public @interface RequiresDocker {

    /** The check behind the annotation. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (isInstalled()) {
                return ConditionEvaluationResult.enabled("docker is installed");
            }
            System.err.println("skipped " + context.getDisplayName() + ": there is no docker command line");
            return ConditionEvaluationResult.disabled("there is no docker command line");
        }

        private static boolean isInstalled() {
            try {
                return DockerCommand.isInstalled();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody waits for docker any more", e);
            }
        }
    }
}
