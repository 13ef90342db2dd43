package dev.patchbay.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What a seed decides. Each part of a world has one of its own, so that a change in one leaves the others alone. */
final class Chance implements RandomGenerator {
    private final SplittableRandom random;

    Chance(long seed) {
        // Neighbouring seeds must not begin alike, nor go on alike: as the finalizer of MurmurHash3 mixes.
        long mixed = (seed ^ (seed >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
        random = new SplittableRandom(mixed ^ (mixed >>> 33));
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    /** Whether something that happens once in so many times happens now. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** A number from 0 on, below the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** A number of both ends or between. */
    long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }

    /** One of these. */
    <T> T oneOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
