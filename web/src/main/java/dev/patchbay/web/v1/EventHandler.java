package dev.patchbay.web.v1;

import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.Reply;
import reactor.core.publisher.Mono;

/** The live event stream. */
final class EventHandler implements Handler {
    private static final int UPGRADE_REQUIRED = 426;

    private final EventStream stream;
    private final FrameSocket socket;
    private final FrameShape frame = new FrameShape();
    private final ProblemShape problem = new ProblemShape();

    EventHandler(EventStream stream, NativeConfig config) {
        this.stream = stream;
        var protocol = new StreamProtocol(config.heartbeat(), config.pongTimeout(), CloseCode.SHUTTING_DOWN);
        this.socket = new FrameSocket(protocol, config.closeGrace(), config.timers());
    }

    @Override
    public Mono<Reply> handle(Exchange exchange) {
        return Mono.fromSupplier(() -> {
            String requestId = exchange.caller().requestId();
            if (!Upgrade.isAskedFor(exchange)) {
                return problem.reply(Problem.http(
                        UPGRADE_REQUIRED, "the event stream is a WebSocket: ask for an upgrade", requestId))
                        .with("Upgrade", "websocket")
                        .with("Connection", "Upgrade");
            }
            var source = new FrameSocket.Source<>(
                    stream.frames(EventSelection.parse(exchange.target())), frame, exchange.closing(),
                    requestId);
            return Upgrade.accept(exchange, (in, out) -> socket.carry(source, in, out));
        });
    }
}
