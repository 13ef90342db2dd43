package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerUsage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/** A plugin's container, and what those before it have used. */
final class Slot {
    /** How many that have ended: more than end between two readings, unless nobody reads. */
    static final int MOST_ENDED = 8;

    /** Held while the container is changed. */
    final ReentrantLock lock = new ReentrantLock();
    volatile Optional<Live> live = Optional.empty();

    private final Deque<ContainerUsage> ended = new ArrayDeque<>(); // guarded by itself

    boolean isIdle() {
        return live.isEmpty() && !lock.isLocked() && !lock.hasQueuedThreads();
    }

    /** Keeps what a container has used that has ended, and whose control group is still there. Blocks. */
    void ended(Live container, GroupUsage counts) {
        container.usage(counts).ifPresent(usage -> {
            synchronized (ended) {
                if (ended.size() == MOST_ENDED) {
                    ended.removeFirst();
                }
                ended.addLast(new ContainerUsage(usage.plugin(), usage.generation(), usage.cpuNanos(),
                        OptionalLong.empty(), OptionalLong.empty(), usage.outOfMemoryKills()));
            }
        });
    }

    /** What those have used that ended last, and then what the one uses that has not ended. Blocks. */
    List<ContainerUsage> usage(GroupUsage counts) {
        List<ContainerUsage> all;
        synchronized (ended) {
            all = new ArrayList<>(ended);
        }
        live.filter(container -> all.isEmpty() || all.getLast().generation() != container.generation())
                .flatMap(container -> container.usage(counts))
                .ifPresent(all::add);
        return all;
    }
}
