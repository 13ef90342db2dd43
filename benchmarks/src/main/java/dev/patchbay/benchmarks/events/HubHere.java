package dev.patchbay.benchmarks.events;

import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.event.Durability;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.Happening;
import dev.patchbay.event.RecorderSetup;
import dev.patchbay.event.Retention;
import dev.patchbay.event.SqliteJournal;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.PluginServer;
import dev.patchbay.web.RouteTable;
import dev.patchbay.web.ServerConfig;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.v1.NativeApi;
import dev.patchbay.web.v1.NativeConfig;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The event stream in this JVM, from the recorder to the socket, without plugins: what happens is told to the recorder as
 * the state thread would. Journal on disk in {@code batch}, and server, are the daemon's.
 */
public final class HubHere implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Scheduler writer = Schedulers.newSingle("bench-events", true);
    private final Scheduler views = Schedulers.newSingle("bench-reply", true);
    private final Scheduler timers = Schedulers.newSingle("bench-timer", true);
    private final EventRecorder recorder;
    private final PluginServer server;

    private HubHere(EventJournal journal) {
        recorder = EventRecorder.open(journal, setup(writer, views, timers))
                .blockOptional(EngineHere.PATIENCE)
                .orElseThrow();
        var config = ServerConfig.of(List.of(new ListenAddress.Tcp("127.0.0.1", 0, Optional.empty())),
                _ -> {});
        Plugins plugins = plugins();
        var routes = NativeApi.routes(plugins, Volumes.none(), new EventHub(plugins),
                NativeConfig.of("benchmark", "benchmark", timers));
        server = PluginServer.bind(config, new RouteTable(routes))
                .blockOptional(EngineHere.PATIENCE)
                .orElseThrow();
    }

    /** Opens one that keeps its journal in a place. */
    public static HubHere open(Place place) throws IOException {
        return new HubHere(journal(Files.createDirectories(place.root()), Retention.USUAL));
    }

    /** The daemon's journal in a plugin directory. */
    public static SqliteJournal journal(Path root, Retention retention) {
        var settings = new SqliteJournal.Settings(root.resolve("events.db"), Durability.BATCH, retention);
        return new SqliteJournal(settings, new SecureRandom(), Clock.systemUTC());
    }

    /** What an engine gives its recorder. */
    public static RecorderSetup setup(Scheduler writer, Scheduler views, Scheduler timers) {
        return RecorderSetup.usual(new RecorderSetup.Threads(writer, views, timers), new SecureRandom());
    }

    public int port() {
        return server.addresses()
                .stream()
                .mapToInt(address -> switch (address) {
                    case ListenAddress.Tcp tcp -> tcp.port();
                    case ListenAddress.Unix _ -> throw new IllegalStateException("it listens on TCP");
                })
                .findFirst()
                .orElseThrow();
    }

    /** Has so much happen as fast as the recorder takes it: it is as full as an engine lets it become. */
    public void tell(int count) {
        while (recorder.isCrowded()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        recorder.tell(happenings(count), _ -> {});
    }

    private static List<Happening> happenings(int count) {
        Happening one = StreamFrames.happening();
        return Collections.nCopies(count, one);
    }

    /** An engine of which there is nothing but its events. */
    private Plugins plugins() {
        InvocationHandler events = (_, method, _) -> switch (method.getName()) {
            case "eventLog" -> recorder.log();
            default -> throw new UnsupportedOperationException(method.getName());
        };
        return (Plugins) Proxy.newProxyInstance(Plugins.class.getClassLoader(), new Class<?>[]{Plugins.class},
                events);
    }

    @Override
    public void close() {
        server.close().block(EngineHere.PATIENCE);
        recorder.close().block(EngineHere.PATIENCE);
        List.of(writer, views, timers).forEach(Scheduler::dispose);
    }
}
