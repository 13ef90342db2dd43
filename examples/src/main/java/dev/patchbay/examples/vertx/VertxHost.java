package dev.patchbay.examples.vertx;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.Plugins;
import dev.patchbay.Retryable;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.runc.RuncExecutor;
import dev.patchbay.executor.runc.RuncExecutorConfig;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.reactivestreams.ReactiveReadStream;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * {@code POST /plugins/NAME/enable} starts a plugin, {@code POST /plugins/NAME/echo} asks it, {@code GET /events} tells what
 * happens to all of them as server-sent events. What the engine says comes over to the verticle's event loop: a {@code Mono} as a {@link Future}, a {@code Flux} as a
 * {@link ReactiveReadStream}, with its back-pressure.
 */
public final class VertxHost extends VerticleBase {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path root;
    private final Path execRoot;
    private final int port;
    private @Nullable Plugins plugins; // of the verticle's event loop, as the server
    private @Nullable HttpServer server;
    private long requests;

    /** What the sample plugin says back. */
    record Words(String text) {}

    VertxHost(Path root, Path execRoot, int port) {
        this.root = root;
        this.execRoot = execRoot;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        router.post().handler(BodyHandler.create(false));
        router.post("/plugins/:name/enable").handler(it -> enable(it, String.valueOf(it.pathParam("name"))));
        router.post("/plugins/:name/echo").handler(it -> echo(it, String.valueOf(it.pathParam("name"))));
        router.get("/events").handler(this::events);
        return future(open()).compose(opened -> {
            plugins = opened;
            return vertx.createHttpServer().requestHandler(router).listen(port, "127.0.0.1");
        }).onSuccess(listening -> server = listening);
    }

    private Mono<Plugins> open() {
        return RuncExecutor.opening(RuncExecutorConfig.of(it -> it.execRoot(execRoot).pluginRoot(root)))
                .flatMap(runc -> PluginEngine.open(EngineConfig.of(it -> it.execRoot(execRoot)),
                        FileStore.at(StoreConfig.at(root)), runc, Registry.none()));
    }

    private void enable(RoutingContext request, String name) {
        answer(request, plugins().enable(name, PATIENCE).thenReturn("enabled"));
    }

    private void echo(RoutingContext request, String name) {
        var call = PluginCall.of("Sample.Echo", Words.class)
                .body(new Words(String.valueOf(request.body().asString())));
        answer(request, plugins().use(name, "dummy", "an echo", use -> use.client().call(call))
                .single()
                .map(Words::text));
    }

    private void answer(RoutingContext request, Mono<String> work) {
        String id = "host-" + requests++; // in each log line, and each event, of what this request leads to
        future(work.contextWrite(it -> it.put(Plugins.REQUEST_ID, id)))
                .onSuccess(request::end)
                .onFailure(e -> request.response().setStatusCode(status(e)).end(e.getMessage()));
    }

    private static int status(Throwable failure) {
        return failure instanceof PluginNotFoundException ? 404 : failure instanceof Retryable ? 503 : 502;
    }

    private void events(RoutingContext request) {
        Sinks.Empty<Void> gone = Sinks.empty();
        var response = request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
        response.closeHandler(_ -> gone.tryEmitEmpty());
        ReactiveReadStream<Buffer> events = ReactiveReadStream.readStream();
        plugins().events(Subscription.NOW)
                .map(VertxHost::text)
                .takeUntilOther(gone.asMono())
                .publishOn(eventLoop()) // where the stream is asked for more, too
                .subscribe(events);
        events.pipeTo(response);
    }

    /** The event loop from which this is called, for Reactor. */
    private Scheduler eventLoop() {
        Context context = vertx.getOrCreateContext();
        return Schedulers.fromExecutor(task -> context.runOnContext(_ -> task.run()));
    }

    /** What the stream says beside events is a comment, the first at once: it has begun. */
    private static Buffer text(EventSignal signal) {
        return Buffer.buffer(signal instanceof EventSignal.Happened(var event, _)
                ? "id: " + event.cursor() + "\nevent: " + event.type().wireName() + "\ndata: " + event.name()
                        + " " + event.actor().requestId() + "\n\n"
                : ": " + signal.getClass().getSimpleName() + "\n\n");
    }

    /** What a Mono says, on the event loop from which this is called. */
    private <T> Future<T> future(Mono<T> mono) {
        return Future.fromCompletionStage(mono.toFuture(), vertx.getOrCreateContext());
    }

    Plugins plugins() {
        return Objects.requireNonNull(plugins);
    }

    int port() {
        return Objects.requireNonNull(server).actualPort();
    }

    @Override
    public Future<?> stop() {
        return plugins == null ? Future.succeededFuture() : future(plugins.close());
    }

    /** {@code VertxHost ROOT EXEC_ROOT PORT}. */
    public static void main(String[] arguments) {
        Vertx.vertx()
                .deployVerticle(new VertxHost(Path.of(arguments[0]), Path.of(arguments[1]),
                        Integer.parseInt(arguments[2])))
                .await();
    }
}
