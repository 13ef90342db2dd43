package dev.patchbay.benchmarks.load;

import java.util.List;

/**
 * What a load generator has got.
 *
 * @param deliveries events, over all connections
 * @param bytes the bytes of them, with what frames them
 * @param lost events that did not follow the one before, and gaps that the server told
 * @param gone connections that the server ended
 * @param p50 how old events were when they came, in milliseconds: the median
 * @param p99 what 99 % were not older than
 * @param max the oldest
 */
public record LoadResult(long deliveries, long bytes, long lost, int gone, double p50, double p99,
        double max) {
    /** Reads what {@link #line} gave. */
    public static LoadResult parse(String line) {
        List<String> parts = List.of(line.split(" ", -1));
        return new LoadResult(Long.parseLong(parts.get(1)), Long.parseLong(parts.get(2)),
                Long.parseLong(parts.get(3)), Integer.parseInt(parts.get(4)),
                Double.parseDouble(parts.get(5)), Double.parseDouble(parts.get(6)),
                Double.parseDouble(parts.get(7)));
    }

    /** The result as a line. */
    public String line() {
        return "result " + deliveries + " " + bytes + " " + lost + " " + gone + " " + p50 + " " + p99 + " "
                + max;
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
