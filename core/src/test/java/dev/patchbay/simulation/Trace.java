package dev.patchbay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All that happened in a world, as one number; and in words too, if somebody is to read it. */
final class Trace {
    private static final int ID = 64;
    private static final long PRIME = 0x100_0000_01B3L;

    private final VirtualTime time;
    private final boolean inWords;
    private final List<String> lines = new ArrayList<>();
    private long hash = 0xCBF2_9CE4_8422_2325L;

    Trace(VirtualTime time, boolean inWords) {
        this.time = time;
        this.inWords = inWords;
    }

    /** Something happened to somebody. */
    void tell(String what, String whom, long number) {
        mix(what.hashCode());
        mix(whom.hashCode());
        mix(number);
        mix(time.now());
        if (inWords) {
            lines.add(String.format(Locale.ROOT, "%11.6f s  %s %s%s", time.now() / 1e9, what,
                    whom.length() == ID ? whom.substring(0, 8) : whom, number < 0 ? "" : " " + number));
        }
    }

    /** Something that only people want to know. */
    void remark(String words) {
        if (inWords) {
            lines.add("               " + words);
        }
    }

    void tell(String what, String whom) {
        tell(what, whom, -1);
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 29;
    }

    /** Equal for equal histories. */
    long hash() {
        return hash;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
