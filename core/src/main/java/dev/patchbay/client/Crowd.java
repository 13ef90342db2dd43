package dev.patchbay.client;

/**
 * The pauses of one who finds a plugin's socket full: with so many connections waiting as it said that may wait ({@code
 * listen(2)}), Linux refuses more at once. Nothing was sent then, and places become free as fast as the plugin takes
 * connections.
 */
final class Crowd {
    private static final int LONGEST_MILLIS = 50;

    private int millis; // one after the other, by whoever is told of the failure

    /** Short, and growing. */
    int nextPauseMillis() {
        millis = Math.min(Math.max(1, 2 * millis), LONGEST_MILLIS);
        return millis;
    }
}
