package dev.patchbay.web.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.patchbay.web.daemon.Configuration.LogLevel;
import dev.patchbay.web.daemon.Configuration.Logging;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: to stderr, as text or as one JSON object a line. Set up by calls, not by a file: that saves a
 * start-up the XML parser. Libraries are heard from {@code warn} on, whatever the level.
 */
final class LogOutput {
    /** The logger of what plugins write. */
    static final String PLUGIN_LOGGER = "plugin";

    private LogOutput() {}

    /** Sends all log lines of this process to stderr from now on. */
    static void start(Logging logging) {
        LoggerContext context = context();
        context.reset();
        Encoder<ILoggingEvent> encoder = switch (logging.format()) {
            case TEXT -> text(context);
            case JSON -> json(context);
        };
        encoder.start();
        var stderr = new ConsoleAppender<ILoggingEvent>();
        stderr.setContext(context);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        setLevel(logging.level());
    }

    /** Changes what is logged at least. */
    static void setLevel(LogLevel level) {
        Level ours = switch (level) {
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
        LoggerContext context = context();
        context.getLogger("dev.patchbay").setLevel(ours);
        context.getLogger(PLUGIN_LOGGER).setLevel(ours);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
        // It tells of each connection to a registry that breaks; whoever asked for it hears of it as an error.
        context.getLogger("reactor.netty.http.client").setLevel(Level.OFF);
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        var layout = new LineLayout(isTerminal(), ZoneId.systemDefault());
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.setWithMarkers(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }

    private static boolean isTerminal() {
        try {
            // System.console() knows about stdin and stdout only.
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException _) {
            return false; // no /proc, or stderr is closed: nobody to please with colours
        }
    }

    private static LoggerContext context() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException("Logback is not the logging backend, but " + factory.getClass());
    }
}
