package dev.patchbay.examples.netty;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.Plugins;
import dev.patchbay.Retryable;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.runc.RuncExecutor;
import dev.patchbay.executor.runc.RuncExecutorConfig;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * {@code POST /plugins/NAME/enable} starts a plugin, {@code POST /plugins/NAME/echo} asks it, {@code GET /events} tells what
 * happens to all of them as server-sent events, {@code GET /health} whether the engine is well.
 *
 * @param plugins the engine
 * @param server where it is served
 * @param loops the host's event loops, on which plugins are called too: no request changes its thread for a call
 */
public record NettyHost(Plugins plugins, DisposableServer server, LoopResources loops) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the sample plugin says back. */
    record Words(String text) {}

    /** Opens the engine and serves on a port. */
    static Mono<NettyHost> start(Path root, Path execRoot, int port) {
        return Mono.defer(() -> {
            LoopResources loops = LoopResources.create("host");
            return open(root, execRoot, loops)
                    .flatMap(plugins -> serve(plugins, loops, port)
                            .map(server -> new NettyHost(plugins, server, loops))
                            .onErrorResume(e -> plugins.close().then(Mono.error(e))))
                    .onErrorResume(e -> loops.disposeLater().then(Mono.error(e)));
        });
    }

    private static Mono<Plugins> open(Path root, Path execRoot, LoopResources loops) {
        return RuncExecutor.opening(RuncExecutorConfig.of(it -> it.execRoot(execRoot).pluginRoot(root)))
                .flatMap(runc -> PluginEngine.open(
                        EngineConfig.of(it -> it.execRoot(execRoot).client(ClientOptions.DEFAULT.on(loops))),
                        FileStore.at(StoreConfig.at(root)), runc, Registry.none()));
    }

    private static Mono<? extends DisposableServer> serve(Plugins plugins, LoopResources loops, int port) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .runOn(loops)
                .route(routes -> routes
                        .post("/plugins/{name}/enable", (request, response) -> answer(request, response,
                                name -> plugins.enable(name, PATIENCE).thenReturn("enabled")))
                        .post("/plugins/{name}/echo", (request, response) -> answer(request, response,
                                name -> request.receive()
                                        .aggregate()
                                        .asString()
                                        .flatMap(text -> echo(plugins, name, text))))
                        .get("/events", (_, response) -> response.sse()
                                .send(events(plugins, response.alloc()), _ -> true))
                        .get("/health", (_, response) -> response
                                .status(plugins.health().ready() ? 200 : 503)
                                .sendString(Mono.just(plugins.health().toString()))))
                .bind();
    }

    private static Mono<String> echo(Plugins plugins, String name, String text) {
        var call = PluginCall.of("Sample.Echo", Words.class).body(new Words(text));
        return plugins.use(name, "dummy", "an echo", use -> use.client().call(call))
                .single()
                .map(Words::text);
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response,
            Function<String, Mono<String>> work) {
        return work.apply(String.valueOf(request.param("name")))
                .flatMap(text -> response.sendString(Mono.just(text)).then())
                .onErrorResume(PluginException.class, e -> response.status(status(e))
                        .sendString(Mono.just(String.valueOf(e.getMessage())))
                        .then())
                // In each log line, and each event, of what this request leads to.
                .contextWrite(it -> it.put(Plugins.REQUEST_ID, request.requestId()));
    }

    private static int status(PluginException failure) {
        return failure instanceof PluginNotFoundException ? 404 : failure instanceof Retryable ? 503 : 502;
    }

    /** Each goes out as it comes. What the stream says beside events is a comment, the first at once: it has begun. */
    private static Flux<ByteBuf> events(Plugins plugins, ByteBufAllocator buffers) {
        return plugins.events(Subscription.NOW)
                .map(signal -> signal instanceof EventSignal.Happened(var event, _)
                        ? "id: " + event.cursor() + "\nevent: " + event.type().wireName() + "\ndata: "
                                + event.name() + " " + event.actor().requestId() + "\n\n"
                        : ": " + signal.getClass().getSimpleName() + "\n\n")
                .map(text -> ByteBufUtil.writeUtf8(buffers, text));
    }

    /** Stops serving, then the plugins, which ends their event streams, then the loops. */
    Mono<Void> stop() {
        return Flux.concatDelayError(Mono.<Void>fromRunnable(server::dispose), plugins.close(),
                loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2))).then();
    }

    /** {@code NettyHost ROOT EXEC_ROOT PORT}; interrupt it to end it. */
    public static void main(String[] arguments) throws InterruptedException {
        NettyHost host = start(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]))
                .blockOptional()
                .orElseThrow();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> host.stop().block()));
        Thread.currentThread().join();
    }
}
