package dev.patchbay.benchmarks.content;

import java.util.SplittableRandom;

/**
 * Content that packs like what images hold: words, stretches seen before, noise, zeros. With gzip it shrinks to about
 * 0.37, and unpacks about as fast as the programs and libraries of a Debian do. The same seed gives the same bytes.
 */
final class PlausibleBytes {
    private static final int WORDS = 1024;
    private static final int MAX_WORD = 10;
    private static final int MIN_BLOCK = 128;
    private static final int BLOCK_SPREAD = 1024;
    private static final int COPY_DISTANCE = 20_000; // within gzip's window of 32 KiB
    private static final int NOISE_PERCENT = 16;
    private static final int ZERO_PERCENT = 3;
    private static final int COPY_PERCENT = 20;

    private final byte[][] words;

    PlausibleBytes(long seed) {
        var random = new SplittableRandom(seed);
        words = new byte[WORDS][];
        for (int word = 0; word < WORDS; word++) {
            words[word] = word(random);
        }
    }

    private static byte[] word(SplittableRandom random) {
        byte[] word = new byte[2 + random.nextInt(MAX_WORD - 1)];
        for (int at = 0; at < word.length - 1; at++) {
            int skewed = random.nextInt(1 + random.nextInt(26)); // letters are not equally frequent either
            word[at] = (byte) ('a' + skewed);
        }
        word[word.length - 1] = ' ';
        return word;
    }

    /** Makes some. */
    byte[] make(SplittableRandom random, int size) {
        byte[] content = new byte[size];
        int at = 0;
        while (at < size) {
            int end = at + Math.min(size - at, MIN_BLOCK + random.nextInt(BLOCK_SPREAD));
            int dice = random.nextInt(100);
            if (dice < NOISE_PERCENT) {
                noise(random, content, at, end);
            } else if (dice < NOISE_PERCENT + COPY_PERCENT) {
                copy(random, content, at, end);
            } else if (dice < 100 - ZERO_PERCENT) {
                text(random, content, at, end);
            }
            at = end;
        }
        return content;
    }

    private static void noise(SplittableRandom random, byte[] content, int from, int to) {
        byte[] noise = new byte[to - from];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, content, from, noise.length);
    }

    private static void copy(SplittableRandom random, byte[] content, int from, int to) {
        int source = Math.max(0, from - (to - from) - random.nextInt(COPY_DISTANCE));
        System.arraycopy(content, source, content, from, Math.min(to - from, from - source));
    }

    private void text(SplittableRandom random, byte[] content, int from, int to) {
        int at = from;
        while (at < to) {
            double dice = random.nextDouble(); // few words are frequent, most are rare
            byte[] word = words[(int) (WORDS * dice * dice * dice * dice)];
            int count = Math.min(word.length, to - at);
            System.arraycopy(word, 0, content, at, count);
            at += count;
        }
    }
}
