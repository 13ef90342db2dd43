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
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * What plugins use of the machine. Whoever asks gets what was counted when somebody asked before, at once, and if that is
 * older than {@value #PERIOD_SECONDS} seconds has it counted anew for the next time, on the executor's threads: nobody waits
 * for the kernel's files, and nothing is counted for nobody. So numbers are as old as the pause between two questions.
 *
 * <p>The kernel counts each container from nothing. Here counts go on over all of a plugin's containers, so that they do not go
 * back while it is installed; they are forgotten with the plugin.
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
    private final AtomicBoolean warned = new AtomicBoolean();
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

        /** With what one container has used by now; one before the newest that was seen is told again, and counted already. */
        Account with(ContainerUsage usage) {
            if (usage.generation() < generation) {
                return this;
            }
            boolean same = usage.generation() == generation;
            long cpu = usage.cpuNanos().orElse(same ? containersCpu : 0);
            long killed = usage.outOfMemoryKills().orElse(same ? containersKills : 0);
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

    /**
     * The numbers of some plugins, of which each is shown under a name of its own.
     *
     * @param installed all there are: what these use is counted, shown or not
     * @param shown those of them that are to be shown
     */
    List<Reading> read(List<PluginView> installed, List<PluginView> shown) {
        asked(installed);
        Map<PluginId, Account> known = accounts;
        var readings = new ArrayList<Reading>();
        var names = new HashSet<String>();
        for (PluginView view : shown) {
            Account account = known.get(view.plugin().id());
            if (account != null) {
                String name = view.name();
                add(readings, hasContainer(view) ? account : account.ended(),
                        names.add(name) ? name : name + "@" + view.plugin().id().shortHex());
            }
        }
        return readings;
    }

    /** What was counted when somebody asked before may be of a container that is no more. */
    private static boolean hasContainer(PluginView view) {
        return switch (view.status().state()) {
            case STOPPED, BACKING_OFF -> false;
            case RESTORING, STARTING, RUNNING, STOPPING, STUCK -> true;
        };
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
        var one = new Count(plugins);
        count.update(one);
        one.begin();
    }

    /**
     * One count. If it is late, what was read by then is shown; the next one begins when this one has ended: reading may hang
     * in the kernel, and would then hang again.
     */
    private final class Count implements Disposable {
        private final Set<PluginId> plugins;
        private final List<ContainerUsage> found = new ArrayList<>(); // guarded by this
        private final Disposable.Composite work = Disposables.composite();
        private boolean over; // guarded by this

        Count(Set<PluginId> plugins) {
            this.plugins = plugins;
        }

        void begin() {
            work.add(timers.schedule(this::late, LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            work.add(executor.usage().subscribe(this::add, this::failed, this::counted));
        }

        private synchronized void add(ContainerUsage usage) {
            found.add(usage);
        }

        private synchronized void counted() {
            over = true;
            publish(plugins, found, Account::ended);
            end();
        }

        private synchronized void failed(Throwable e) {
            over = true;
            LOG.debug("what plugins use cannot be counted: {}", Sentences.of(e));
            end();
        }

        private void end() {
            work.dispose();
            later();
        }

        private synchronized void late() {
            if (over) {
                return;
            }
            if (!warned.getAndSet(true)) {
                LOG.warn("what plugins use is not counted within {} s: that of some is old until it is",
                        LIMIT.toSeconds());
            }
            publish(plugins, found, account -> account);
        }

        @Override
        public void dispose() {
            work.dispose();
        }
    }

    /** Never by two at a time: a count is one of its own, and there is one. */
    private void publish(Set<PluginId> plugins, List<ContainerUsage> found, UnaryOperator<Account> others) {
        var now = new HashMap<PluginId, Account>();
        accounts.forEach((plugin, account) -> {
            if (plugins.contains(plugin)) {
                now.put(plugin, others.apply(account));
            }
        });
        found.forEach(usage -> {
            if (plugins.contains(usage.plugin())) {
                now.put(usage.plugin(), now.getOrDefault(usage.plugin(), Account.NEW).with(usage));
            }
        });
        accounts = Map.copyOf(now);
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
