package dev.patchbay.benchmarks.load;

import java.util.List;

/**
 * What a load generator has got.
 *
 * @param deliveries events, over all connections but the slow ones
 * @param bytes the bytes of them, with what frames them
 * @param lost events that did not follow the one before, and gaps that the server told
 * @param behind subscribers that have not got the newest event yet
 * @param gone connections that the server ended
 * @param resumed how often a subscriber resumed
 * @param slow what happened to the slow ones
 * @param ages how old events were when they came
 */
public record LoadResult(long deliveries, long bytes, long lost, int behind, int gone, int resumed, Slow slow,
        Ages ages) {
    private static final String RESULT = "result";

    /**
     * What slow subscribers got.
     *
     * @param deliveries events
     * @param gaps losses that the server told of
     * @param gone connections that the server ended
     */
    public record Slow(long deliveries, long gaps, int gone) {}

    /** Reads what {@link #line} gave. */
    public static LoadResult parse(String line) {
        List<String> parts = List.of(line.split(" ", -1));
        return new LoadResult(Long.parseLong(parts.get(1)), Long.parseLong(parts.get(2)),
                Long.parseLong(parts.get(3)), Integer.parseInt(parts.get(4)), Integer.parseInt(parts.get(5)),
                Integer.parseInt(parts.get(6)), new Slow(Long.parseLong(parts.get(7)),
                        Long.parseLong(parts.get(8)), Integer.parseInt(parts.get(9))),
                Ages.decode(parts.get(10)));
    }

    /** The result as a line. */
    public String line() {
        return String.join(" ", RESULT, Long.toString(deliveries), Long.toString(bytes), Long.toString(lost),
                Integer.toString(behind), Integer.toString(gone), Integer.toString(resumed),
                Long.toString(slow.deliveries()), Long.toString(slow.gaps()), Integer.toString(slow.gone()),
                ages.encoded());
    }

    /** The median age, in milliseconds. */
    public double p50() {
        return ages.quantile(0.5);
    }

    /** What 99 % were not older than, in milliseconds. */
    public double p99() {
        return ages.quantile(0.99);
    }

    /** The oldest, in milliseconds. */
    public double max() {
        return ages.quantile(1);
    }

    /** What is missing of so many events on so many connections. */
    public String missing(long events, int connections) {
        long missing = events * connections - deliveries;
        return missing == 0 && lost == 0 && gone == 0
                ? "none lost"
                : missing + " LOST, " + lost + " out of turn, " + gone + " connections ended by the server";
    }

    /** How large an event was on the wire, with its frame. */
    public long bytesEach() {
        return deliveries == 0 ? 0 : bytes / deliveries;
    }
}
