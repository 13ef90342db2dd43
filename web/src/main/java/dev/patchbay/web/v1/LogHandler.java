package dev.patchbay.web.v1;

import dev.patchbay.PluginException;
import dev.patchbay.Plugins;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A plugin's log: one JSON object per line, or with an upgrade one per text frame. Read from the log as fast as the
 * client reads.
 */
final class LogHandler implements Handler {
    /** The media type of JSON values on lines of their own. */
    static final String MEDIA_TYPE = "application/x-ndjson";

    private static final ProblemShape PROBLEM = new ProblemShape();
    private static final Shape<Problem> LAST_LINE = (json, problem) -> {
        json.writeStartObject();
        json.writeName("problem");
        PROBLEM.write(json, problem);
        json.writeEndObject();
    };

    private final Plugins plugins;
    private final NativeConfig config;
    private final FrameSocket socket;
    private final LogLineShape shape = new LogLineShape();

    LogHandler(Plugins plugins, NativeConfig config) {
        this.plugins = plugins;
        this.config = config;
        var protocol = new StreamProtocol(config.times().heartbeat(), config.times().pongTimeout(),
                CloseCode.DONE);
        this.socket = new FrameSocket(protocol, config.times().closeGrace(), config.timers());
    }

    @Override
    public Mono<Reply> handle(Exchange exchange) {
        return Mono.defer(() -> {
            LogQuery query = Parameters.logs(exchange.target(), config.clock());
            // Asked first: once the head of the answer is out, a missing plugin could not be told as a 404.
            return plugins.inspect(exchange.required("name"))
                    .map(view -> reply(exchange, plugins.logs(view.plugin().id().hex(), query)));
        });
    }

    private Reply reply(Exchange exchange, Flux<LogLine> lines) {
        if (Upgrade.isAskedFor(exchange)) {
            var source = new FrameSocket.Source<>(
                    lines, shape, exchange.closing(), exchange.caller().requestId());
            return Upgrade.accept(exchange, Upgrade.choose(exchange, List.of(Upgrade.SUBPROTOCOL)),
                    (in, out) -> socket.carry(source, in, out));
        }
        return Reply.stream(
                MEDIA_TYPE,
                lines.map(shape::text)
                        .onErrorResume(
                                PluginException.class,
                                failure -> Mono.just(LAST_LINE.text(Problem.of(failure, exchange.caller()))))
                        .map(line -> (line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
