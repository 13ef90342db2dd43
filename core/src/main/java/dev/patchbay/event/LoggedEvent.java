package dev.patchbay.event;

import org.jspecify.annotations.Nullable;

/**
 * An event in the journal: a value, and its JSON. Whichever it was not made from is made when somebody first asks, and
 * kept, so that an event is encoded once for however many subscribers.
 */
public final class LoggedEvent {
    private static final int FIXED_WEIGHT = 600;

    private final Cursor cursor;
    private final int weight;
    private volatile @Nullable PluginEvent event;
    private volatile byte @Nullable [] json;

    private LoggedEvent(Cursor cursor, int weight, @Nullable PluginEvent event, byte @Nullable [] json) {
        this.cursor = cursor;
        this.weight = weight;
        this.event = event;
        this.json = json;
    }

    /** Made from a value. */
    public static LoggedEvent of(PluginEvent event) {
        int weight = FIXED_WEIGHT;
        for (var attribute : event.attributes().entrySet()) {
            weight += 2 * (attribute.getKey().length() + attribute.getValue().length());
        }
        return new LoggedEvent(event.cursor(), weight, event, null);
    }

    /** Made from what {@link #json} gave; the bytes are not copied and must not change. */
    public static LoggedEvent of(Cursor cursor, byte[] json) {
        return new LoggedEvent(cursor, FIXED_WEIGHT + 2 * json.length, null, json);
    }

    /** Its place. */
    public Cursor cursor() {
        return cursor;
    }

    /** The number of its place. */
    public long seq() {
        return cursor.seq();
    }

    /**
     * The value.
     *
     * @throws JournalException if it was made from bytes that are no event
     */
    public PluginEvent event() {
        PluginEvent value = event;
        if (value == null) {
            byte[] bytes = json;
            if (bytes == null) {
                throw new IllegalStateException("made from nothing");
            }
            value = EventJson.read(cursor, bytes);
            event = value;
        }
        return value;
    }

    /**
     * What the event says, as UTF-8: a JSON object without its first brace, from {@code "time"} to the closing brace, as
     * it stands in a frame after what differs from one subscriber to the other. Not copied; must not be changed.
     */
    public byte[] json() {
        byte[] bytes = json;
        if (bytes == null) {
            bytes = EventJson.write(event());
            json = bytes;
        }
        return bytes;
    }

    /** About how many bytes it takes in memory, with all that it keeps; never changes. */
    int weight() {
        return weight;
    }

    @Override
    public String toString() {
        return cursor.toString();
    }
}
