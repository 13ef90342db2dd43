package dev.patchbay.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The log of all engines while simulations run: nothing is written, and an error that an engine logs counts as a fault of
 * its own.
 */
final class EngineLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    /**
     * A disk or a runtime may be slower than closing waits, or out of order, and a disk may be full: what is left behind,
     * and where the journal is, is an operator's business.
     */
    private static final List<String> OUTSIDE = List.of("closing took longer", "plugins cannot be started",
            "the event journal cannot be used");

    private static final ThreadLocal<@Nullable Witness> LISTENING = new ThreadLocal<>();

    private final Logger logger;
    private final @Nullable Level before;

    EngineLog() {
        logger = (Logger) LoggerFactory.getLogger("dev.patchbay");
        before = logger.getLevel();
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
        logger.setLevel(Level.ERROR);
        logger.setAdditive(false);
    }

    /** From now on what is logged on this thread is about this world. */
    static void listen(Witness witness) {
        LISTENING.set(witness);
    }

    @Override
    protected void append(ILoggingEvent event) {
        Witness witness = LISTENING.get();
        if (witness != null && OUTSIDE.stream().noneMatch(event.getFormattedMessage()::startsWith)) {
            witness.broken(Invariants.SoundEngine.INSTANCE, event.getFormattedMessage());
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(true);
        logger.setLevel(before);
        stop();
    }
}
