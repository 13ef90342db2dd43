package dev.patchbay.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Makes clients, which share their threads and nothing else: {@code plugin-http-*} wait for sockets, {@code plugin-calls} for
 * time, {@code plugin-codec-*} read and write what is large and the first of each type.
 *
 * <pre>{@code
 * var clients = PluginClients.open(ClientOptions.DEFAULT);
 * var client = clients.connect(new PluginEndpoint("sample", 1, new PluginAddress.Unix(socket), ""));
 * client.call(PluginCall.of("VolumeDriver.List", Listed.class)).subscribe(...);
 * client.end().subscribe(); // when the plugin has ended
 * }</pre>
 */
public final class PluginClients {
    private static final int ENDINGS = 16;

    private final ClientOptions options;
    private final ClientThreads threads;
    private final CallWatch watch;
    private final Codec codec = new Codec();
    private final Set<GenerationClient> living = ConcurrentHashMap.newKeySet();

    private PluginClients(ClientOptions options, ClientThreads threads, CallWatch watch) {
        this.options = options;
        this.threads = threads;
        this.watch = watch;
    }

    /**
     * Loads the library that sockets need, which may block, if that was not done. Whoever opens clients, for the first time in
     * this process, on a thread that must not be blocked does this before, elsewhere.
     */
    public static void load() {
        boolean _ = LoopResources.hasNativeSupport();
    }

    /** Opens it. Connects to nothing; must be closed. {@link #load Loads} what it needs. */
    public static PluginClients open(ClientOptions options) {
        return open(options, CallWatch.NONE);
    }

    /** As {@link #open(ClientOptions)}; somebody hears how each call ended. */
    public static PluginClients open(ClientOptions options, CallWatch watch) {
        load();
        return new PluginClients(options,
                options.eventLoops().map(ClientThreads::on).orElseGet(ClientThreads::start), watch);
    }

    /** As {@link #open(ClientOptions)}, with other threads, which it closes as its own. */
    static PluginClients open(ClientOptions options, ClientThreads threads) {
        return new PluginClients(options, threads, CallWatch.NONE);
    }

    /** A client for one start of a plugin. Connects at its first call. */
    public GenerationClient connect(PluginEndpoint endpoint) {
        var client = new GenerationClient(CallMeans.of(endpoint, options, threads, codec, watch),
                living::remove);
        living.add(client);
        return client;
    }

    /** Ends all clients and then the threads. <b>Cold</b>, and worth subscribing to once. */
    public Mono<Void> close() {
        return Mono.defer(() -> Flux.fromIterable(Set.copyOf(living))
                .flatMap(GenerationClient::end, ENDINGS)
                .then(threads.close()));
    }
}
