package dev.patchbay.benchmarks.micro;

import dev.patchbay.Force;
import dev.patchbay.PluginConflictException;
import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.Records;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many commands a second go from one, two and eight producers through mailbox, state thread and {@code decide} and back
 * as a reply, beside what a host would build its own actor of?
 *
 * <p>The command is one that the rules refuse, so that neither disk nor runtime is part of it. Each producer has
 * {@value #AT_ONCE} commands on their way and waits for all answers. The ways:
 *
 * <ul>
 *   <li>{@link #mailbox}: {@code Plugins.disable} as any host calls it, subscription and reply thread included; the answer is
 *       an exception, as it is one for a host;
 *   <li>{@link #pekkoAsk}: {@code ask} of a typed actor, which looks the plugin up and answers with an object;
 *   <li>{@link #drainLoop}: a bare queue of JCTools, drained by a thread that does the same and completes a future;
 *   <li>{@link #disruptor}: a ring for many producers whose consumer does the same.
 * </ul>
 *
 * <p>The last three have no limit for one plugin, no facts, no context of the caller's, no second thread for answers and no
 * measurements of their own: they are the floor.
 */
@Question(value = "How many commands a second go through the mailbox and back?", threads = {1, 2, 8})
@Fork(1)
@Warmup(iterations = 5, time = 2) // what a command goes through is not all compiled sooner
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CommandBenchmark {
    static final int AT_ONCE = 64;

    private static final String[] NAMES = names();

    private static String[] names() {
        var names = new String[AT_ONCE];
        for (int number = 0; number < AT_ONCE; number++) {
            names[number] = Records.name(number);
        }
        return names;
    }

    /** Through the engine. */
    @Benchmark
    @Beside("pekkoAsk")
    @Wanted(atLeast = 1_000_000, threads = 8)
    @OperationsPerInvocation(AT_ONCE)
    public void mailbox(InstalledPlugins engine) {
        Plugins plugins = engine.plugins();
        var batch = new Batch(AT_ONCE);
        for (String name : NAMES) {
            plugins.disable(name, Force.NO)
                    .subscribe(
                            answer -> batch.failed(new IllegalStateException("disabled: " + answer)), why -> {
                                if (why instanceof PluginConflictException) {
                                    batch.done();
                                } else {
                                    batch.failed(why);
                                }
                            });
        }
        batch.await();
    }

    /** Through an actor. */
    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public void pekkoAsk(PekkoPlugins actor) {
        ask(actor);
    }

    /** Through a queue. */
    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public void drainLoop(DrainedPlugins queue) {
        ask(queue);
    }

    /** Through a ring. */
    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public void disruptor(RingPlugins ring) {
        ask(ring);
    }

    private static void ask(AskedPlugins plugins) {
        var batch = new Batch(AT_ONCE);
        for (String name : NAMES) {
            plugins.disable(name).whenComplete((answer, why) -> {
                if (answer instanceof AskedPlugins.Refused) {
                    batch.done();
                } else {
                    batch.failed(why == null ? new IllegalStateException("answered: " + answer) : why);
                }
            });
        }
        batch.await();
    }
}
