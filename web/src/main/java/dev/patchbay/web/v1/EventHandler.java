package dev.patchbay.web.v1;

import dev.patchbay.event.EventFilter;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Reply;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Wish;
import dev.patchbay.web.stream.StreamedFeed;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** The event stream through each of its doors: WebSocket with two sub-protocols, server-sent events, and lines of JSON. */
final class EventHandler implements Handler {
    /** What it takes. */
    static final Set<String> PARAMETERS = Set.of("since", "filters", "type", "plugin", "capability");

    /** The media type of server-sent events. */
    static final String EVENT_STREAM = "text/event-stream";

    private static final int UPGRADE_REQUIRED = 426;
    private static final List<String> SUBPROTOCOLS = List.of(Upgrade.SUBPROTOCOL, Upgrade.CLOUD_EVENTS);

    private final EventHub hub;
    private final NativeConfig config;
    private final FrameShape shape = new FrameShape();
    private final ProblemShape problem = new ProblemShape();

    EventHandler(EventHub hub, NativeConfig config) {
        this.hub = hub;
        this.config = config;
    }

    @Override
    public Mono<Reply> handle(Exchange exchange) {
        return Mono.fromSupplier(() -> {
            if (Upgrade.isAskedFor(exchange)) {
                return webSocket(exchange);
            } else if (accepts(exchange, EVENT_STREAM)) {
                return serverSentEvents(exchange);
            } else if (accepts(exchange, LogHandler.MEDIA_TYPE)) {
                return lines(exchange);
            }
            return problem.reply(Problem.http(
                    UPGRADE_REQUIRED, "the event stream is a WebSocket: ask for an upgrade, or accept "
                            + EVENT_STREAM + " or " + LogHandler.MEDIA_TYPE,
                    exchange.caller().requestId()))
                    .with("Upgrade", "websocket")
                    .with("Connection", "Upgrade");
        });
    }

    private Reply webSocket(Exchange exchange) {
        Optional<String> chosen = Upgrade.choose(exchange, SUBPROTOCOLS);
        boolean clouds = chosen.filter(Upgrade.CLOUD_EVENTS::equals).isPresent();
        boolean plain = chosen.isEmpty() || clouds || !exchange.target().query().isEmpty();
        Optional<Wish> only = plain
                ? Optional.of(clouds ? clouds(exchange) : plain(exchange))
                : Optional.empty();
        var request = new EventSession.Request(!clouds, only, exchange.closing(),
                exchange.caller().requestId());
        return Upgrade.accept(exchange, chosen, (in, out) -> Mono
                .<Connection>create(sink -> in.withConnection(sink::success))
                .flatMap(connection -> new EventSession(connection, out, hub, config, request).run(in)));
    }

    private Wish plain(Exchange exchange) {
        return new Wish(start(exchange), filter(exchange), EventSession.encoding(""), Wish.UNLIMITED);
    }

    private Wish clouds(Exchange exchange) {
        Wish.Start start = start(exchange);
        if (start instanceof Wish.Start.Snapshot) {
            throw HttpFailure.badRequest("there are no snapshots in " + Upgrade.CLOUD_EVENTS);
        }
        return new Wish(start, filter(exchange), new TextMessages(new CloudEvents(source())), Wish.UNLIMITED);
    }

    private String source() {
        return "urn:patchbay:node:" + config.node().replaceAll("[^A-Za-z0-9.-]", "-");
    }

    private Reply serverSentEvents(Exchange exchange) {
        Wish.Start start = exchange.header("Last-Event-ID")
                .filter(id -> !id.isEmpty())
                .map(Since::lastEventId)
                .orElseGet(() -> start(exchange));
        var wish = new Wish(start, filter(exchange), new ServerSentEvents(), Wish.UNLIMITED);
        return live(exchange, EVENT_STREAM, wish,
                new StreamedFeed.Course.Beating("event: hello\ndata: " + hello() + "\n\n",
                        config.times().heartbeat(), ": heartbeat\n\n"));
    }

    private Reply lines(Exchange exchange) {
        var wish = new Wish(start(exchange), filter(exchange), new Lines(new JsonFrames("")), Wish.UNLIMITED);
        return live(exchange, LogHandler.MEDIA_TYPE, wish,
                new StreamedFeed.Course.Beating(hello() + "\n", config.times().heartbeat(), ""));
    }

    private Reply live(Exchange exchange, String mediaType, Wish wish, StreamedFeed.Course course) {
        var setup = new StreamedFeed.Setup(hub, wish, course, config.times().slowTimeout(), config.timers(),
                exchange.caller().requestId());
        return Reply.live(mediaType, (connection, head) -> new StreamedFeed(setup, connection).run(head))
                .with("Cache-Control", "no-store");
    }

    private String hello() {
        return shape.text(
                new Frame.Hello(hub.log().bounds(), config.times().heartbeat(), config.node(),
                        config.version()));
    }

    private Wish.Start start(Exchange exchange) {
        return exchange.query("since").map(text -> Since.read(text, config.clock())).orElse(Since.NOW);
    }

    private EventFilter filter(Exchange exchange) {
        EventFilter filter = FilterReader.read(exchange.target());
        if (!hub.admits(filter)) {
            throw new HttpFailure(503,
                    "as many distinct filters are in use as there may be; come back later");
        }
        return filter;
    }

    private static boolean accepts(Exchange exchange, String mediaType) {
        return exchange.headers()
                .getAll(HttpHeaderNames.ACCEPT)
                .stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .flatMap(range -> Stream.of(range.split(";", 2)[0].strip()))
                .anyMatch(mediaType::equalsIgnoreCase);
    }
}
