package dev.patchbay.testing;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import reactor.core.scheduler.Schedulers;

/**
 * Fails a class after which platform threads live on that did not live before it. Threads get some time to end: they are
 * joined, not slept for.
 */
public final class LeftThreads implements BeforeAllCallback, AfterAllCallback {
    /**
     * What may stay: threads of the JVM and of libraries that are shared by the whole process and made at first use.
     * Reactor's shared schedulers are here because operators of the test library fall back on them.
     */
    private static final Pattern ALLOWED = Pattern.compile(
            "Common-Cleaner|Cleaner-\\d+|process reaper.*|Attach Listener|ForkJoinPool.*|Read-Poller|Write-Poller|MasterPoller|"
                    + "VirtualThread-.*|surefire-.*|parallel-\\d+|boundedElastic-.*|single-\\d+|"
                    + "globalEventExecutor-.*|ObjectCleanerThread|java-sdk-http-connection-reaper|FileSystemWatch.*|"
                    + "InnocuousThread-.*|JNA Cleaner|blockhound.*|Finalizer|Signal Dispatcher|junit-.*|"
                    + "idle-connection-reaper|awaitility-thread|GC Notification.*|Keep-Alive-Timer|"
                    // The event loops and resolvers that all of Reactor Netty's clients and servers share.
                    + "reactor-(http|tcp|udp)-.*");

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Namespace SPACE = Namespace.create(LeftThreads.class);

    /** Reactor ends schedulers gracefully with the help of a nameless pool that it keeps: the beginning of its names. */
    private static final String REACTORS_POOL = reactorsPool();

    /** Made by JUnit. */
    public LeftThreads() {}

    private record Before(Set<Thread> threads) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(SPACE).put(context.getUniqueId(), new Before(new HashSet<>(living())));
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        var before = context.getStore(SPACE).remove(context.getUniqueId(), Before.class);
        if (before == null) {
            return;
        }
        var left = left(before.threads(), PATIENCE);
        if (!left.isEmpty()) {
            throw new AssertionError("threads outlive " + context.getDisplayName() + ": "
                    + left.stream().map(Thread::getName).sorted().collect(Collectors.joining(", ")));
        }
    }

    /** The threads that are new and do not end in time. */
    static List<Thread> left(Set<Thread> before, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        var fresh = living().stream()
                .filter(thread -> !before.contains(thread) && !isAllowed(thread.getName()))
                .toList();
        for (Thread thread : fresh) {
            var rest = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
            var _ = thread.join(rest);
        }
        return fresh.stream().filter(Thread::isAlive).toList();
    }

    private static boolean isAllowed(String name) {
        return ALLOWED.matcher(name).matches() || name.startsWith(REACTORS_POOL);
    }

    private static String reactorsPool() {
        var before = living();
        Schedulers.newSingle("warm-up", true).disposeGracefully().block();
        return living().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("pool-"))
                .map(name -> name.substring(0, name.lastIndexOf('-') + 1))
                .findFirst()
                .orElse("pool of Reactor that was not found");
    }

    private static Set<Thread> living() {
        return Thread.getAllStackTraces().keySet();
    }
}
