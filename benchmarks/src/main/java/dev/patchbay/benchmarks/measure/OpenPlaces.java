package dev.patchbay.benchmarks.measure;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The places that are open, so that nothing is left of them when the program is told to end: whoever made one is
 * interrupted and has time to close it, and what is still there then is closed for them.
 */
public final class OpenPlaces {
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(60);
    private static final Map<Place, Thread> OPEN = new ConcurrentHashMap<>();

    private static volatile boolean ends;
    private static volatile Runnable ending = OpenPlaces::interruptOwners;

    static {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("open-places").unstarted(OpenPlaces::end));
    }

    private OpenPlaces() {}

    static Place open(Place place) {
        OPEN.put(place, Thread.currentThread());
        return place;
    }

    static void closed(Place place) {
        OPEN.remove(place);
    }

    /** Has something done in place of interrupting, which makes them close their places in some other way. */
    public static void onEnd(Runnable work) {
        ending = work;
    }

    private static void interruptOwners() {
        OPEN.values().forEach(Thread::interrupt);
    }

    /** Whether the program is told to end, so that nothing more is to be begun. */
    public static boolean areEnding() {
        return ends;
    }

    private static void end() {
        ends = true;
        ending.run();
        try {
            for (Thread owner : OPEN.values()) {
                owner.join(PATIENCE_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (Place place : OPEN.keySet()) {
            close(place);
        }
    }

    @SuppressWarnings("SystemOut") // the program is ending, and somebody must clean up by hand
    private static void close(Place place) {
        try {
            place.close();
        } catch (IOException e) {
            System.err.println("left behind: " + place.folder() + ": " + e);
        }
    }
}
