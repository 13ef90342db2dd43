package dev.patchbay.registry;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@link RegistryProcess} for a class of tests, in a static field with {@code @RegisterExtension}. Where the program is
 * not installed the class is skipped, with a word.
 */
public final class RealRegistry implements BeforeAllCallback, AfterAllCallback, ExecutionCondition {
    private final Optional<Credentials.Password> login;
    private @Nullable RegistryProcess process;

    private RealRegistry(Optional<Credentials.Password> login) {
        this.login = login;
    }

    /** One that lets everybody in. */
    public static RealRegistry open() {
        return new RealRegistry(Optional.empty());
    }

    /** One that lets one user in. */
    public static RealRegistry withLogin(String username, String password) {
        return new RealRegistry(Optional.of(new Credentials.Password(username, password)));
    }

    /** The registry, while tests run. */
    public RegistryProcess get() {
        return Objects.requireNonNull(process, "the registry runs while tests do");
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (RegistryProcess.program().isPresent()) {
            return ConditionEvaluationResult.enabled("docker-registry is installed");
        }
        System.err.println("skipped " + context.getDisplayName() + ": docker-registry is not installed");
        return ConditionEvaluationResult.disabled("docker-registry is not installed");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        process = RegistryProcess.start(login);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (process != null) {
            process.close();
        }
    }
}
