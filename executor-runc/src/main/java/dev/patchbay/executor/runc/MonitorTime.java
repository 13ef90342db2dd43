package dev.patchbay.executor.runc;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Times as a monitor writes them: RFC 3339 with nine digits of a second and an offset in figures (conmon,
 * {@code ctr_logging.c}). Each line of each log begins with one, so the usual form is read without a general parser.
 */
final class MonitorTime {
    private static final String FORM = "0000-00-00T00:00:00.000000000+00:00";
    private static final int SIGN_AT = FORM.indexOf('+');
    private static final long DAY_SECONDS = 86_400;
    private static final int HOUR_SECONDS = 3600;
    private static final int MINUTE_SECONDS = 60;
    private static final int MAX_OFFSET_HOURS = 18;

    private MonitorTime() {}

    /** Reads a time, in any form of RFC 3339; empty if it is none. */
    static Optional<Instant> parse(String text) {
        try {
            return Optional.of(isUsual(text) ? usual(text) : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static boolean isUsual(String text) {
        if (text.length() != FORM.length()) {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char c = text.charAt(i);
            char form = FORM.charAt(i);
            boolean fits = form == '0' ? c >= '0' && c <= '9' : c == form || (i == SIGN_AT && c == '-');
            if (!fits) {
                return false;
            }
        }
        return number(text, SIGN_AT + 1, 2) < MAX_OFFSET_HOURS
                && number(text, SIGN_AT + 4, 2) < MINUTE_SECONDS;
    }

    private static Instant usual(String text) {
        LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
        LocalTime time = LocalTime.of(number(text, 11, 2), number(text, 14, 2), number(text, 17, 2));
        int offset = number(text, SIGN_AT + 1, 2) * HOUR_SECONDS
                + number(text, SIGN_AT + 4, 2) * MINUTE_SECONDS;
        long local = date.toEpochDay() * DAY_SECONDS + time.toSecondOfDay();
        return Instant.ofEpochSecond(text.charAt(SIGN_AT) == '-' ? local + offset : local - offset,
                number(text, 20, 9));
    }

    private static int number(String text, int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }
}
