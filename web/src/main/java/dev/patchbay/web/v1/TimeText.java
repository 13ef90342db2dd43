package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and times as callers may write them. Pure; each failure is a sentence with the parameter's name. */
final class TimeText {
    private static final int MAX_LENGTH = 64;
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(?:\\.\\d{0,9})?");
    private static final Pattern GO_PART = Pattern
            .compile("(\\d{1,18}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|ms|s|m|h)");
    private static final long SECOND_NANOS = 1_000_000_000L;

    private TimeText() {}

    /**
     * Reads a duration: as Go writes it ({@code 1m30s}, {@code 250ms}), as ISO 8601 does ({@code PT90S}), or a number of
     * seconds. Never negative.
     *
     * @throws InvalidRequestException if it is none of these
     */
    static Duration duration(String parameter, String text) {
        return tryDuration(text).orElseThrow(() -> new InvalidRequestException(
                parameter + " must be a duration such as 30s, 1m30s or PT90S, or a number of seconds, not "
                        + Parameters.shown(text),
                null));
    }

    /**
     * Reads a point in time: as RFC 3339 writes it, as seconds since 1970, or as a duration before now.
     *
     * @throws InvalidRequestException if it is none of these
     */
    static Instant instant(String parameter, String text, Clock clock) {
        try {
            if (text.length() <= MAX_LENGTH && SECONDS.matcher(text).matches()) {
                return Instant.EPOCH.plus(nanos(new BigDecimal(text), SECOND_NANOS));
            }
            Optional<Duration> ago = tryDuration(text);
            return ago.isPresent()
                    ? clock.instant().minus(ago.get())
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException _) {
            throw new InvalidRequestException(
                    parameter
                            + " must be a time such as 2026-01-31T12:00:00Z, seconds since 1970, or a duration before"
                            + " now such as 10m, not " + Parameters.shown(text),
                    null);
        }
    }

    private static Optional<Duration> tryDuration(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            if (SECONDS.matcher(text).matches()) {
                return Optional.of(nanos(new BigDecimal(text), SECOND_NANOS));
            }
            return text.charAt(0) == 'P' ? iso(text) : go(text);
        } catch (DateTimeException | ArithmeticException _) {
            return Optional.empty(); // the caller's sentence covers what is too long as well
        }
    }

    private static Optional<Duration> iso(String text) {
        Duration duration = Duration.parse(text);
        return duration.isNegative() ? Optional.empty() : Optional.of(duration);
    }

    private static Optional<Duration> go(String text) {
        Matcher part = GO_PART.matcher(text);
        Duration sum = Duration.ZERO;
        int from = 0;
        while (from < text.length()) {
            if (!part.find(from) || part.start() != from) {
                return Optional.empty();
            }
            sum = sum.plus(nanos(new BigDecimal(part.group(1)), unitNanos(part.group(2))));
            from = part.end();
        }
        return Optional.of(sum);
    }

    private static long unitNanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> SECOND_NANOS;
            case "m" -> 60 * SECOND_NANOS;
            case "h" -> 3600 * SECOND_NANOS;
            default ->
                throw new IllegalStateException("the pattern knows a unit that this does not: " + unit);
        };
    }

    private static Duration nanos(BigDecimal amount, long unitNanos) {
        BigDecimal nanos = amount.multiply(BigDecimal.valueOf(unitNanos));
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(SECOND_NANOS));
        return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValue());
    }
}
