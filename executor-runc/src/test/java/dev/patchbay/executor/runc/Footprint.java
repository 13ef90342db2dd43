package dev.patchbay.executor.runc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process holds at the moment.
 *
 * @param threads names of the platform threads that live, without those that the JDK, Netty and Reactor make for the whole process
 *     when they first need them, and may end when they do not
 * @param ourThreads names of those of engines, stores and executors, see docs/threads.md
 * @param descriptors how many files, sockets and the like are open
 * @param heapBytes what is in use after a collection
 */
record Footprint(List<String> threads, List<String> ourThreads, long descriptors, long heapBytes) {
    private static final Pattern SHARED = Pattern.compile(
            "process reaper.*|parallel-\\d+|ForkJoinPool.*|.*-Poller|VirtualThread-.*|Common-Cleaner|Cleaner-\\d+|pool-\\d+-thread-\\d+"
                    + "|globalEventExecutor-.*");
    private static final Pattern OURS = Pattern.compile("(plugin|store|runtime|registry|event|legacy)-.*");

    static Footprint now() {
        System.gc();
        var names = Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return new Footprint(names.stream().filter(SHARED.asMatchPredicate().negate()).sorted().toList(),
                    names.stream().filter(OURS.asMatchPredicate()).toList(),
                    open.count(), ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
