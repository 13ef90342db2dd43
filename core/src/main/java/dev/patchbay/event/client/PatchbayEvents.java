package dev.patchbay.event.client;

import dev.patchbay.event.PluginEvent;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.time.Duration;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

/**
 * The event stream of a daemon, over whatever connections it takes: a stream that is cut off comes back, resumes after the
 * last event it got, and tells each event once. What is lost nevertheless is said.
 *
 * <pre>{@code
 * PatchbayEvents.connect(URI.create("unix:///run/patchbay/patchbay.sock"), StreamOptions.of(options -> options
 *         .from(new From.Oldest())
 *         .filter(EventFilter.types(EventType.CRASH, EventType.RECOVER))))
 *         .publishOn(mine)
 *         .subscribe(signal -> {
 *             switch (signal) {
 *                 case StreamSignal.Happened(PluginEvent event) -> show(event);
 *                 case StreamSignal.Lost lost -> reload(lost.to());
 *                 case StreamSignal.Disconnected(var reason, _, var pause) -> dim(reason, pause);
 *                 case StreamSignal.Connected _ -> brighten();
 *                 case StreamSignal.SnapshotBegan _, StreamSignal.SnapshotPlugin _, StreamSignal.SnapshotEnded _,
 *                         StreamSignal.Unknown _, StreamSignal.Passed _ -> {}
 *             }
 *         }, this::refused);
 * }</pre>
 */
public final class PatchbayEvents {
    private PatchbayEvents() {}

    /**
     * All that there is to say about the stream: events, losses, connections made and lost.
     *
     * <p><b>Cold:</b> each subscription has connections of its own, one at a time. <b>Order:</b> that of the daemon's
     * journal. <b>Demand</b> reaches the daemon: at most {@link StreamOptions#window} events wait here, the rest stays in
     * its journal. <b>Threads:</b> signals arrive on an event loop of Reactor Netty, one for each subscription, and must not
     * block; it has no threads of its own. <b>Cancelling</b> closes the connection and ends everything else. A stream never
     * completes.
     *
     * @param daemon {@code unix:///PATH}, {@code ws://HOST:PORT} or {@code wss://HOST:PORT}; the latter two with the
     *     stream's path if it is not the usual one
     * @return fails with {@link StreamRefusedException} if coming back does not help: a close code from 4500 to 4999, a
     *     token that is not known, a subscription that can never be, a server that is none; every other failure is a
     *     {@link StreamSignal.Disconnected}, and tried again for ever
     * @throws IllegalArgumentException if the URI is none of a daemon
     */
    public static Flux<StreamSignal> connect(URI daemon, StreamOptions options) {
        return new ResumingStream(DaemonAddress.of(daemon), options);
    }

    /**
     * The events alone, for whoever wants all or nothing; what has no word in this version of the client is left out.
     *
     * <p>As {@link #connect} in everything else; a snapshot is not told.
     *
     * @return fails as {@link #connect}, and with {@link EventsLostException} where events are lost
     * @throws IllegalArgumentException if the URI is none of a daemon
     */
    public static Flux<PluginEvent> events(URI daemon, StreamOptions options) {
        return connect(daemon, options).handle(PatchbayEvents::event);
    }

    private static void event(StreamSignal signal, SynchronousSink<PluginEvent> sink) {
        switch (signal) {
            case StreamSignal.Happened(PluginEvent event) -> sink.next(event);
            case StreamSignal.Lost lost -> sink.error(new EventsLostException(lost));
            case StreamSignal.Connected _,StreamSignal.Disconnected _,StreamSignal.Unknown _,StreamSignal.Passed _,StreamSignal.SnapshotBegan _,StreamSignal.SnapshotPlugin _,StreamSignal.SnapshotEnded _ -> {
                // about the stream, or nothing that there is a word for
            }
        }
    }

    /** Makes a run for each subscriber. */
    private static final class ResumingStream extends Flux<StreamSignal> {
        private final DaemonAddress daemon;
        private final StreamOptions options;

        ResumingStream(DaemonAddress daemon, StreamOptions options) {
            this.daemon = daemon;
            this.options = options;
        }

        @Override
        public void subscribe(CoreSubscriber<? super StreamSignal> actual) {
            var loop = HttpResources.get().onClient(LoopResources.DEFAULT_NATIVE).next();
            var run = new StreamRun(actual, client(), daemon.target(), options, loop);
            actual.onSubscribe(run);
            run.start();
        }

        private HttpClient client() {
            HttpClient client = daemon.reach(HttpClient.newConnection())
                    .disableRetry(true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(options.patience()))
                    .headers(headers -> options.token()
                            .ifPresent(token -> headers.set("Authorization", "Bearer " + token)));
            return options.http().apply(client);
        }

        private static int millis(Duration duration) {
            return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
        }
    }
}
