package dev.patchbay.web.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Log lines as text: time, level, the logger's short name, message and key-value pairs on one line, a stack trace below
 * it. Control characters could drive the terminal of whoever reads, and plugins' output and names may have some: each is
 * shown as a question mark.
 *
 * <p>Written out, not a pattern of Logback's: each running plugin is a line when the daemon starts, and regular
 * expressions were most of what a line took. Thread-safe.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final String RESET = "\u001b[0;39m";
    private static final String GREY = "\u001b[1;30m";
    private static final String CYAN = "\u001b[36m";
    private static final int USUAL_LENGTH = 160;
    private static final int LEVEL_WIDTH = 5;

    private final boolean coloured;
    private final ZoneId zone;
    private final DateTimeFormatter time;
    private final DateTimeFormatter offset;
    private volatile Second last = new Second(Long.MIN_VALUE, "", "");

    /** What the times of one second have in common, before and after the milliseconds. */
    private record Second(long number, String before, String after) {}

    /**
     * Makes one.
     *
     * @param coloured whether for a terminal: with colours, and times without date and offset
     */
    LineLayout(boolean coloured, ZoneId zone) {
        this.coloured = coloured;
        this.zone = zone;
        this.time = DateTimeFormatter.ofPattern(coloured ? "HH:mm:ss." : "yyyy-MM-dd'T'HH:mm:ss.",
                Locale.ROOT);
        this.offset = DateTimeFormatter.ofPattern("XXX", Locale.ROOT);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(USUAL_LENGTH);
        colour(line, GREY);
        time(line, event.getTimeStamp());
        colour(line, RESET);
        line.append(' ');
        colour(line, colour(event.getLevel()));
        String level = event.getLevel().toString();
        line.append(level).repeat(' ', Math.max(0, LEVEL_WIDTH - level.length()));
        colour(line, RESET);
        line.append(' ');
        colour(line, CYAN);
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length());
        colour(line, RESET);
        line.append(": ");
        int message = line.length();
        line.append(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> line.append(' ').append(pair));
        }
        clean(line, message, false);
        line.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            int trace = line.length();
            line.append(ThrowableProxyUtil.asString(thrown));
            clean(line, trace, true);
        }
        return line.toString();
    }

    private void colour(StringBuilder line, String code) {
        if (coloured) {
            line.append(code);
        }
    }

    private static String colour(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "\u001b[1;31m";
            case Level.WARN_INT -> "\u001b[31m";
            case Level.INFO_INT -> "\u001b[34m";
            default -> RESET;
        };
    }

    private void time(StringBuilder line, long millis) {
        long number = Math.floorDiv(millis, 1000L);
        Second second = last;
        if (second.number() != number) {
            var at = Instant.ofEpochSecond(number).atZone(zone);
            second = new Second(number, time.format(at), coloured ? "" : offset.format(at));
            last = second;
        }
        long rest = millis - number * 1000;
        line.append(second.before())
                .append(rest / 100)
                .append(rest / 10 % 10)
                .append(rest % 10)
                .append(second.after());
    }

    private static void clean(StringBuilder line, int from, boolean ofLines) {
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Character.isISOControl(c) && !(ofLines && (c == '\n' || c == '\t'))) {
                line.setCharAt(i, '?');
            }
        }
    }
}
