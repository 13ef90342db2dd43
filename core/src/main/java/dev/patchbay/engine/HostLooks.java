package dev.patchbay.engine;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Looks at what plugins need of the host. A path below a file system that does not answer holds its thread for as long as
 * that lasts, and no interrupt frees it: so a plugin never has more than one look under way, and the threads are not
 * counted that wait for long.
 */
final class HostLooks {
    private final ContainerRequests requests;
    private final Scheduler threads;
    private final Scheduler timers;
    private final Duration limit;
    private final Map<PluginId, Sinks.Empty<Void>> underWay = new ConcurrentHashMap<>();

    HostLooks(ContainerRequests requests, EngineThreads threads, Duration limit) {
        this.requests = requests;
        this.threads = threads.looks();
        this.timers = threads.timers();
        this.limit = limit;
    }

    /**
     * What to start. <b>Cancelling</b> only detaches: the look goes on.
     *
     * @return fails with {@link dev.patchbay.oci.InvalidSpecException}, or if this look and the one before it took too long,
     *     or the system has no thread for it
     */
    Mono<ContainerRequest> request(PluginRecord record, LimitOverrides limits, int generation) {
        return Limit.on(turn(record.plugin().id(), () -> requests.of(record, limits, generation)),
                "looking at what it needs of this host", limit, timers);
    }

    private Mono<ContainerRequest> turn(PluginId plugin, Supplier<ContainerRequest> looking) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            Sinks.Empty<Void> earlier = underWay.putIfAbsent(plugin, over);
            return earlier == null
                    ? look(plugin, looking, over)
                    : earlier.asMono().then(turn(plugin, looking));
        });
    }

    private Mono<ContainerRequest> look(PluginId plugin, Supplier<ContainerRequest> looking,
            Sinks.Empty<Void> over) {
        Sinks.One<ContainerRequest> answer = Sinks.one();
        try {
            threads.schedule(() -> look(plugin, looking, over, answer));
        } catch (RejectedExecutionException e) {
            end(plugin, over);
            return Mono.error(e);
        } catch (OutOfMemoryError e) {
            end(plugin, over);
            return Mono.error(new IllegalStateException("the system has no more threads", e));
        }
        return answer.asMono();
    }

    private void look(PluginId plugin, Supplier<ContainerRequest> looking, Sinks.Empty<Void> over,
            Sinks.One<ContainerRequest> answer) {
        ContainerRequest request = null;
        Throwable failure = null;
        try {
            request = looking.get();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        end(plugin, over);
        tell(request, failure, answer);
    }

    private static void tell(@Nullable ContainerRequest request, @Nullable Throwable failure,
            Sinks.One<ContainerRequest> answer) {
        var _ = failure == null // heard, or nobody waits any more
                ? answer.tryEmitValue(request)
                : answer.tryEmitError(failure);
    }

    private void end(PluginId plugin, Sinks.Empty<Void> over) {
        underWay.remove(plugin, over);
        var _ = over.tryEmitEmpty(); // once is enough
    }
}
