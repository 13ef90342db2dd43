package dev.patchbay.benchmarks.embed;

import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.plugin.PluginFilter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A small host in a process of its own: a Reactor Netty server, with the engine or without it. It says {@code ready} when it
 * serves, and does what it is told by lines until they end.
 */
final class EmbedHost {
    /** Starts all plugins and says how many. */
    static final String ENABLE = "enable";

    /** Says how many bytes of the heap are in use after a collection. */
    static final String HEAP = "heap";

    /** An argument: the engine opens while the server begins to listen, on a thread of its own. */
    static final String BESIDE = "beside";

    private static final int SIDE_BY_SIDE = 2;
    private static final int COLLECTIONS = 3;

    private EmbedHost() {}

    /**
     * {@code EmbedHost FOLDER [beside]}, where the folder is a {@link Place} with plugins, or {@code EmbedHost} for the bare one.
     */
    @SuppressWarnings("SystemOut") // what the run reads
    public static void main(String[] arguments) throws IOException {
        Supplier<Optional<EngineHere>> opening = opening(List.of(arguments));
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.get("/ping", (_, response) -> response.sendString(Mono.just("pong"))))
                .bindNow();
        Optional<EngineHere> engine = opening.get();
        System.out.println("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            long answer = switch (order) {
                case ENABLE -> engine.map(EmbedHost::enableAll).orElse(0L);
                case HEAP -> heap();
                default -> throw new IllegalArgumentException(order);
            };
            System.out.println(answer);
        }
        server.disposeNow();
        engine.ifPresent(EngineHere::close);
    }

    /** Gives what it opens when that is open, which it may be before. */
    private static Supplier<Optional<EngineHere>> opening(List<String> arguments) {
        if (arguments.isEmpty()) {
            return Optional::empty;
        }
        var place = new Place(Path.of(arguments.getFirst()));
        if (arguments.contains(BESIDE)) {
            CompletableFuture<EngineHere> opened = CompletableFuture.supplyAsync(() -> EngineHere.open(place),
                    work -> new Thread(work, "opening").start());
            return () -> Optional.of(opened.join());
        }
        Optional<EngineHere> opened = Optional.of(EngineHere.open(place));
        return () -> opened;
    }

    private static long enableAll(EngineHere engine) {
        return engine.plugins()
                .list(PluginFilter.ALL)
                .flatMap(view -> engine.plugins()
                        .enable(view.plugin().id().hex(), EngineHere.START_TIMEOUT)
                        .thenReturn(view), SIDE_BY_SIDE)
                .count()
                .blockOptional()
                .orElseThrow();
    }

    private static long heap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
