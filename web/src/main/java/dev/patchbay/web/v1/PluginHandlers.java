package dev.patchbay.web.v1;

import dev.patchbay.Plugins;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.use.Holder;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** What can be asked of plugins. */
final class PluginHandlers {
    private static final int CREATED = 201;
    private static final UseShape USE = new UseShape();
    private static final CutOffShape CUT_OFF = new CutOffShape();
    private static final Shape<PluginId> ID = (json, id) -> {
        json.writeStartObject();
        json.writeStringProperty("id", id.hex());
        json.writeEndObject();
    };

    private final Plugins plugins;
    private final PluginShape shape = new PluginShape(true);
    private final PluginShape.All all = new PluginShape.All();
    private final LegacyShape.All legacies = new LegacyShape.All();
    private final AssignmentsReader assignments = new AssignmentsReader();

    PluginHandlers(Plugins plugins) {
        this.plugins = plugins;
    }

    Mono<Reply> list(Exchange exchange) {
        return plugins.list(Parameters.filter(exchange.target()))
                .collectList()
                .map(views -> JsonReply.of(200, all, views));
    }

    Mono<Reply> listLegacy(Exchange exchange) {
        return plugins.legacyPlugins().collectList().map(all -> JsonReply.of(200, legacies, all));
    }

    Mono<Reply> inspect(Exchange exchange) {
        return plugins.inspect(name(exchange)).map(view -> JsonReply.of(200, shape, view));
    }

    Mono<Reply> create(Exchange exchange) {
        return plugins.create(Parameters.name(exchange.target()), exchange.body().chunks())
                .map(PluginHandlers::created);
    }

    /** The answer that a plugin is there now. */
    static Reply created(PluginId id) {
        return JsonReply.of(CREATED, ID, id).with("Location", NativeRoute.PREFIX + "/plugins/" + id.hex());
    }

    Mono<Reply> set(Exchange exchange) {
        return assignments.read(exchange)
                .flatMap(list -> done(plugins.set(name(exchange), list)));
    }

    Mono<Reply> limit(Exchange exchange) {
        return LimitsReader.read(exchange).flatMap(limits -> done(plugins.limit(name(exchange), limits)));
    }

    Mono<Reply> enable(Exchange exchange) {
        Duration timeout = Parameters.startTimeout(exchange.target());
        return done(plugins.enable(name(exchange), timeout));
    }

    Mono<Reply> disable(Exchange exchange) {
        return cutOff(plugins.disable(name(exchange), Parameters.force(exchange.target())));
    }

    Mono<Reply> remove(Exchange exchange) {
        return cutOff(plugins.remove(name(exchange), Parameters.force(exchange.target())));
    }

    Mono<Reply> acquire(Exchange exchange) {
        var holder = Parameters.holder(exchange.required("holder"), exchange.target());
        String capability = Parameters.capability(exchange.target());
        return plugins.acquire(name(exchange), capability, holder).map(use -> JsonReply.of(200, USE, use));
    }

    Mono<Reply> release(Exchange exchange) {
        return done(plugins.release(name(exchange), Parameters.holderId(exchange.required("holder"))));
    }

    private static String name(Exchange exchange) {
        return exchange.required("name");
    }

    private static Mono<Reply> cutOff(Mono<List<Holder>> command) {
        return command.map(holders -> JsonReply.of(200, CUT_OFF, holders));
    }

    private static Mono<Reply> done(Mono<Void> command) {
        return command.then(Mono.fromSupplier(() -> Reply.empty(204)));
    }
}
