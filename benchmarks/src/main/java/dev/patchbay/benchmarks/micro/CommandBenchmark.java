package dev.patchbay.benchmarks.micro;

import dev.patchbay.Force;
import dev.patchbay.PluginConflictException;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.Records;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How many commands go through mailbox, state thread, {@code decide} and the reply thread, from one, two and eight
 * producers? The command is one that the rules refuse, so that neither disk nor runtime is part of it.
 */
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CommandBenchmark {
    private static final int AT_ONCE = 64;

    /** From one thread. */
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(AT_ONCE)
    public void oneProducer(InstalledPlugins engine) {
        commands(engine);
    }

    /** From two threads. */
    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(AT_ONCE)
    public void twoProducers(InstalledPlugins engine) {
        commands(engine);
    }

    /** From eight threads. */
    @Benchmark
    @Threads(8)
    @OperationsPerInvocation(AT_ONCE)
    public void eightProducers(InstalledPlugins engine) {
        commands(engine);
    }

    private static void commands(InstalledPlugins engine) {
        Flux.range(0, AT_ONCE)
                .flatMap(number -> engine.plugins()
                        .disable(Records.name(number), Force.NO)
                        .onErrorResume(PluginConflictException.class, _ -> Mono.empty()), AT_ONCE)
                .blockLast(EngineHere.PATIENCE);
    }
}
