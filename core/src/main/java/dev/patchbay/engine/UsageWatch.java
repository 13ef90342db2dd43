package dev.patchbay.engine;

import dev.patchbay.PluginView;
import dev.patchbay.executor.ContainerUsage;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.metrics.Metric;
import dev.patchbay.metrics.Reading;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * What plugins use of the machine. Whoever asks gets what was counted last, at once, and if that is older than
 * {@value #PERIOD_SECONDS} seconds has it counted anew for the next time, on the executor's threads: nobody waits for the
 * kernel's files, and nothing is counted for nobody.
 *
 * <p>The kernel counts each container from nothing. Here counts go on over all of a plugin's containers, so that they never go
 * back; they are forgotten with the plugin.
 */
final class UsageWatch {
    static final int PERIOD_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(UsageWatch.class);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final RuntimeExecutor executor;
    private final Scheduler timers;
    private final Disposable.Swap count = Disposables.swap();
    private final Disposable.Swap pause = Disposables.swap(); // its own: a count may end, and begin it, before it is noted
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile Map<PluginId, Account> accounts = Map.of(); // replaced by one count at a time

    /** What a plugin has used; the last two are absent if it does not run, or this machine does not count them. */
    private record Account(int generation, long containersCpu, long cpuNanos, long containersKills,
            long kills,
            OptionalLong memoryBytes, OptionalLong pids) {
        static final Account NEW = new Account(0, 0, 0, 0, 0, OptionalLong.empty(), OptionalLong.empty());

        Account ended() {
            return new Account(generation, containersCpu, cpuNanos, containersKills, kills,
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }

        Account with(ContainerUsage usage) {
            boolean same = usage.generation() == generation;
            long cpu = usage.cpuNanos().orElse(containersCpu);
            long killed = usage.outOfMemoryKills().orElse(containersKills);
            return new Account(usage.generation(),
                    cpu, cpuNanos + more(cpu, same ? containersCpu : 0),
                    killed, kills + more(killed, same ? containersKills : 0),
                    usage.memoryBytes(), usage.pids());
        }

        private static long more(long now, long before) {
            return Math.max(0, now - before);
        }
    }

    UsageWatch(RuntimeExecutor executor, Scheduler timers) {
        this.executor = executor;
        this.timers = timers;
    }

    /** The numbers of some plugins, of which each is shown under a name of its own. */
    List<Reading> read(List<PluginView> plugins) {
        asked(plugins);
        Map<PluginId, Account> known = accounts;
        var readings = new ArrayList<Reading>();
        var names = new HashSet<String>();
        for (PluginView view : plugins) {
            Account account = known.get(view.plugin().id());
            if (account != null) {
                String name = view.name();
                add(readings, account,
                        names.add(name) ? name : name + "@" + view.plugin().id().shortHex());
            }
        }
        return readings;
    }

    private static void add(List<Reading> readings, Account account, String name) {
        readings.add(Reading.of(Metric.PLUGIN_CPU, account.cpuNanos() / NANOS_PER_SECOND, name));
        readings.add(Reading.of(Metric.PLUGIN_OOM_KILLS, account.kills(), name));
        account.memoryBytes().ifPresent(bytes -> readings.add(Reading.of(Metric.PLUGIN_MEMORY, bytes, name)));
        account.pids().ifPresent(count -> readings.add(Reading.of(Metric.PLUGIN_PIDS, count, name)));
    }

    private void asked(List<PluginView> plugins) {
        if (counting.compareAndSet(false, true)) {
            count(ids(plugins));
        }
    }

    private static Set<PluginId> ids(List<PluginView> plugins) {
        var ids = new HashSet<PluginId>();
        plugins.forEach(view -> ids.add(view.plugin().id()));
        return ids;
    }

    private void count(Set<PluginId> plugins) {
        count.update(executor.usage()
                .collectList()
                .timeout(LIMIT, timers)
                .subscribe(found -> counted(plugins, found), e -> {
                    LOG.debug("what plugins use cannot be counted: {}", Sentences.of(e));
                    later();
                }));
    }

    private void counted(Set<PluginId> plugins, List<ContainerUsage> found) {
        var now = new HashMap<PluginId, Account>();
        accounts.forEach((plugin, account) -> {
            if (plugins.contains(plugin)) {
                now.put(plugin, account.ended());
            }
        });
        found.forEach(
                usage -> now.put(usage.plugin(), now.getOrDefault(usage.plugin(), Account.NEW).with(usage)));
        accounts = Map.copyOf(now);
        later();
    }

    /** Whoever asks next begins again. */
    private void later() {
        pause.update(timers.schedule(() -> counting.set(false), PERIOD_SECONDS, TimeUnit.SECONDS));
    }

    /** For good. */
    void close() {
        count.dispose();
        pause.dispose();
    }
}
