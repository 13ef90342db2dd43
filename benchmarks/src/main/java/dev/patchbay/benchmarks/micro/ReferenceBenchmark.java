package dev.patchbay.benchmarks.micro;

import dev.patchbay.reference.Reference;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How long does it take to read an image reference and bring it into normal form, beside the one regular expression of
 * distribution's reference grammar alone?
 *
 * <p>The expression is {@code ReferenceRegexp} of distribution/reference v0.6.0, anchored, with its groups. It neither knows
 * which part is a host where none is named, nor adds what people leave out, nor says what is wrong.
 */
@Question("How long does reading a reference take?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReferenceBenchmark {
    private static final int COUNT = 4;
    private static final List<String> TEXTS = List.of("sshfs", "vieux/sshfs:latest",
            "registry.example.com:5000/team/storage/driver:2.14.1",
            "ghcr.io/owner/name@sha256:" + "0123456789abcdef".repeat(4));

    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String HOST = "(?:" + LABEL + "(?:\\." + LABEL
            + ")*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?";
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REFERENCE = Pattern.compile("^((?:" + HOST + "/)?" + COMPONENT + "(?:/"
            + COMPONENT
            + ")*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$");

    /** Reads four of different kinds. */
    @Benchmark
    @Beside("expression")
    @OperationsPerInvocation(COUNT)
    public void parse(Blackhole sink) {
        for (String text : TEXTS) {
            sink.consume(Reference.parse(text));
        }
    }

    /** Matches the same, and takes the groups. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void expression(Blackhole sink) {
        for (String text : TEXTS) {
            Matcher matcher = REFERENCE.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalStateException(text + " is no reference");
            }
            sink.consume(matcher.group(1));
            sink.consume(matcher.group(2));
            sink.consume(matcher.group(3));
        }
    }
}
