package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Samples;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long things took, in microseconds to three digits, up to ten minutes; what is longer counts as ten minutes. */
public final class Ages {
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;
    private static final double MICROS_PER_MILLI = 1000;

    private final AbstractHistogram micros;

    private Ages(AbstractHistogram micros) {
        this.micros = micros;
    }

    /** For one thread. */
    static Ages ofOneThread() {
        return new Ages(new Histogram(MAX_MICROS, DIGITS));
    }

    /** For many threads. */
    static Ages ofManyThreads() {
        return new Ages(new ConcurrentHistogram(MAX_MICROS, DIGITS));
    }

    /** Reads what {@link #encoded} gave. */
    static Ages decode(String text) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            return new Ages(Histogram.decodeFromCompressedByteBuffer(bytes, MAX_MICROS));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("no histogram: " + text, e);
        }
    }

    /** As text without white space. */
    String encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
        int length = micros.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    void add(long nanos) {
        add(nanos, 1);
    }

    /** Adds as many that took the same. */
    void add(long nanos, long times) {
        micros.recordValueWithCount(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, MAX_MICROS), times);
    }

    void reset() {
        micros.reset();
    }

    /** All of them, in milliseconds; empty if there were none. */
    public Optional<Samples> samples() {
        return count() == 0 ? Optional.empty() : Optional.of(Samples.of(micros, MICROS_PER_MILLI));
    }

    /** How many there were. */
    public long count() {
        return micros.getTotalCount();
    }

    /** What a share of all, 0 to 1, does not pass, in milliseconds; 0 if there were none. */
    public double quantile(double share) {
        return micros.getValueAtPercentile(100 * share) / MICROS_PER_MILLI;
    }
}
