package dev.patchbay.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.patchbay.Force;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginException;
import dev.patchbay.Plugins;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.examples.HostClient;
import dev.patchbay.examples.HostFolder;
import dev.patchbay.examples.RequiresRuntime;
import dev.patchbay.examples.Sample;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The Spring host under load while its plugins crash and come back. BlockHound is on: a blocked event loop is an error, which is in
 * an answer or in the log.
 */
@Tag("runtime")
@RequiresRuntime
@Timeout(600)
class SpringLoadIT {
    private static final Duration LOAD = Duration.ofSeconds(Integer.getInteger("patchbay.load.seconds", 8));
    private static final Duration BETWEEN_CRASHES = Duration.ofMillis(300);
    private static final List<String> NAMES = List.of("p0", "p1", "p2");
    private static final int WORKERS = 16;
    private static final int CRASHES_IN_A_ROW = 3; // beyond that the engine makes long pauses, rightly
    private static final long HEAP_ROOM = 8 << 20;
    private static final Pattern ENGINES = Pattern.compile("(plugin|store|runtime|registry|event|legacy)-.*");

    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentHashMap<Integer, LongAdder> answers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, String> wrong = new ConcurrentHashMap<>();
    private final AtomicLong crashes = new AtomicLong();
    private final AtomicLong recoveries = new AtomicLong();
    private final List<String> blocked = new CopyOnWriteArrayList<>();
    /** Keeps nothing else of the log: it would be the heap that grows. */
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            Optional.of(text(line)).filter(it -> it.contains("Blocking call")).ifPresent(blocked::add);
        }
    };

    @Test
    void crashesCostOnlyTypedErrorsAndNothingBlocksAnEventLoop() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        try (var folder = HostFolder.make(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try (var host = SpringHostIT.start(folder); var client = SpringHostIT.client(host)) {
                log.start();
                root.addAppender(log); // Spring has set the log up by now
                var plugins = host.getBean(Plugins.class);
                for (String name : NAMES) {
                    Sample.install(plugins, name);
                    plugins.set(name, List.of("SAMPLE_QUIET=1")).block(Sample.PATIENCE);
                    plugins.enable(name, Sample.PATIENCE).block(Sample.PATIENCE);
                }
                // Spring's first requests may wait for each other, where it makes what reads their JSON.
                client.post("/plugins/" + NAMES.getFirst() + "/echo", "application/json",
                        "{\"text\":\"first\"}");
                load(plugins, client, threads);
            } finally {
                root.detachAppender(log);
            }
        }
        assertThat(wrong).as("answers that are no typed error").isEmpty();
        assertThat(answers.getOrDefault(200, new LongAdder()).sum()).isGreaterThan(WORKERS);
        assertThat(crashes).hasPositiveValue();
        assertThat(recoveries).hasPositiveValue();
        assertThat(blocked).isEmpty();
        await().atMost(Sample.PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(ENGINES.asMatchPredicate()));
    }

    private void load(Plugins plugins, HostClient client, ExecutorService threads) throws Exception {
        var told = plugins.events().subscribe(this::count, e -> wrong.put("events", e.toString()));
        var workers = new ArrayList<Future<?>>();
        for (int worker = 0; worker < WORKERS; worker++) {
            String name = NAMES.get(worker % NAMES.size());
            workers.add(threads.submit(() -> ask(client, name)));
        }
        long begin = System.nanoTime();
        long early = 0;
        for (int round = 0; System.nanoTime() - begin < LOAD.toNanos(); round++) {
            crash(plugins, NAMES.get(round % NAMES.size()), round / NAMES.size() % CRASHES_IN_A_ROW == 0);
            await().pollDelay(BETWEEN_CRASHES).until(() -> true);
            if (early == 0 && System.nanoTime() - begin > LOAD.toNanos() / 4) {
                early = heap();
            }
        }
        assertThat(heap()).as("heap").isLessThan(early + HEAP_ROOM);
        over.set(true);
        for (Future<?> worker : workers) {
            worker.get(Sample.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        told.dispose();
        System.out.println(answers + ", crashes: " + crashes + ", recoveries: " + recoveries);
    }

    private Void ask(HostClient client, String name) throws Exception {
        while (!over.get()) {
            var answer = client.post("/plugins/" + name + "/echo", "application/json",
                    "{\"text\":\"good day\"}");
            answers.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
            boolean typed = (answer.status() == 502 || answer.status() == 503)
                    && answer.body().contains("\"detail\":\"plugin " + name);
            if (answer.status() != 200 && !typed) {
                wrong.put(answer.status() + " " + answer.body(), name);
            }
        }
        return null;
    }

    private void count(PluginEvent event) {
        if (event.type() == EventType.CRASH) {
            crashes.incrementAndGet();
        } else if (event.type() == EventType.RECOVER) {
            recoveries.incrementAndGet();
        }
    }

    /** Has a plugin end by itself, if it runs. Switching it off and on makes the engine forget earlier crashes. */
    private static void crash(Plugins plugins, String name, boolean afresh) {
        Mono<?> again = afresh
                ? plugins.disable(name, Force.YES).then(plugins.enable(name, Sample.PATIENCE))
                : Mono.empty();
        var end = PluginCall.of("Sample.Exit")
                .stream(Flux.just(ByteBuffer.wrap("3".getBytes(StandardCharsets.US_ASCII))));
        again.thenMany(plugins.lookUp(name, "dummy").flatMap(use -> use.client().call(end)))
                .onErrorComplete(PluginException.class)
                .blockLast(Sample.PATIENCE);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String text(ILoggingEvent line) {
        return line.getFormattedMessage() + (line.getThrowableProxy() == null
                ? ""
                : " " + line.getThrowableProxy().getClassName() + ": "
                        + line.getThrowableProxy().getMessage());
    }
}
