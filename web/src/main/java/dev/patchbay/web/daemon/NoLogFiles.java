package dev.patchbay.web.daemon;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Keeps Logback from looking for its files in every jar where {@link LogOutput} says all that they would: in a process that the
 * launcher started. Found by its entry in {@code META-INF/services}.
 */
public final class NoLogFiles extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        return System.getProperty(Surroundings.COMMAND) == null
                ? ExecutionStatus.INVOKE_NEXT_IF_ANY
                : ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
