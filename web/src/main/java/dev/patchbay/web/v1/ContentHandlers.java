package dev.patchbay.web.v1;

import dev.patchbay.Consent;
import dev.patchbay.Plugins;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.web.Caller;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What can be asked about the content of plugins: versions, garbage, and moving them without a registry. */
final class ContentHandlers {
    private static final String TAR = "application/x-tar";
    private static final ProblemShape PROBLEM = new ProblemShape();

    private final Plugins plugins;
    private final GarbageShape garbage = new GarbageShape();

    ContentHandlers(Plugins plugins) {
        this.plugins = plugins;
    }

    Mono<Reply> rollBack(Exchange exchange) {
        return plugins.rollBack(exchange.required("name")).then(Mono.fromSupplier(() -> Reply.empty(204)));
    }

    Mono<Reply> collectGarbage(Exchange exchange) {
        return plugins.collectGarbage(Parameters.dryRun(exchange.target()))
                .map(report -> JsonReply.of(200, garbage, report));
    }

    Mono<Reply> importLayout(Exchange exchange) {
        String name = Parameters.name(exchange.target());
        Consent consent = ConsentReader.read(exchange.target());
        return plugins.importLayout(name, consent, exchange.body().chunks()).map(PluginHandlers::created);
    }

    Mono<Reply> export(Exchange exchange) {
        return plugins.inspect(exchange.required("name"))
                .map(view -> export(view.plugin(), exchange.caller()));
    }

    private Reply export(InstalledPlugin plugin, Caller caller) {
        Flux<byte[]> tar = plugins.export(plugin.id().hex()).map(ContentHandlers::bytes);
        return new Reply.Late(Map.of(),
                Map.of("Content-Type", TAR, "Content-Disposition",
                        "attachment; filename=\"" + fileName(plugin) + "\""),
                tar, new CutOff(caller));
    }

    /** The name with a dash for all that a file, or a header, should not have in its name. */
    private static String fileName(InstalledPlugin plugin) {
        return plugin.name().familiar().replaceAll("[^A-Za-z0-9._-]", "-") + ".tar";
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer.hasArray()) {
            int from = buffer.arrayOffset() + buffer.position();
            boolean whole = from == 0 && buffer.remaining() == buffer.array().length;
            return whole
                    ? buffer.array()
                    : Arrays.copyOfRange(buffer.array(), from, from + buffer.remaining());
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    /** A failure in the middle of a file cuts the connection: nothing else keeps a torn file from looking whole. */
    private record CutOff(Caller caller) implements Reply.Failures {
        @Override
        public Reply.Full before(Throwable failure) {
            return PROBLEM.reply(Problem.of(failure, caller));
        }

        @Override
        public Mono<byte[]> amid(Throwable failure) {
            return Mono.error(failure);
        }
    }
}
