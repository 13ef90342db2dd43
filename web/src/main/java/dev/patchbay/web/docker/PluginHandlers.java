package dev.patchbay.web.docker;

import dev.patchbay.Force;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Reply;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** The routes of plugins that are there, and the making of new ones from a context. */
final class PluginHandlers {
    private static final String NAME = "name";
    private static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(30);

    private final Plugins plugins;
    private final PluginObjects objects = new PluginObjects();

    PluginHandlers(Plugins plugins) {
        this.plugins = plugins;
    }

    Mono<Reply> list(Exchange exchange) {
        PluginFilter filter = Filters.parse(exchange.query("filters")).forPlugins();
        return plugins.list(filter)
                .collectList()
                .map((List<PluginView> views) -> Reply.json(200, objects.array(filter, views)));
    }

    Mono<Reply> inspect(Exchange exchange) {
        return plugins.inspect(exchange.required(NAME)).map(view -> Reply.json(200, objects.line(view)));
    }

    /** Takes whatever media type the client names: Docker never looks at it here. */
    Mono<Reply> create(Exchange exchange) {
        String name = exchange.query(NAME).orElse("");
        return plugins.create(name, exchange.body().chunks()).thenReturn(Reply.empty(204));
    }

    Mono<Reply> enable(Exchange exchange) {
        return Parameters.of(exchange)
                .map(parameters -> startTimeout(parameters.first("timeout")))
                .flatMap(timeout -> plugins.enable(exchange.required(NAME), timeout))
                .thenReturn(Reply.empty(200));
    }

    Mono<Reply> disable(Exchange exchange) {
        return Parameters.of(exchange)
                .flatMap(parameters -> plugins.disable(exchange.required(NAME), force(parameters)))
                .thenReturn(Reply.empty(200));
    }

    Mono<Reply> remove(Exchange exchange) {
        return Parameters.of(exchange)
                .flatMap(parameters -> plugins.remove(exchange.required(NAME), force(parameters)))
                .thenReturn(Reply.empty(200));
    }

    Mono<Reply> set(Exchange exchange) {
        return JsonBody.strings(exchange)
                .flatMap(assignments -> plugins.set(exchange.required(NAME), assignments))
                .thenReturn(Reply.empty(204));
    }

    private static Force force(Parameters parameters) {
        return parameters.isSet("force") ? Force.YES : Force.NO;
    }

    /** Seconds; 0, which clients send for "I do not care", means ours. */
    private static Duration startTimeout(String text) {
        if (!text.matches("[+-]?[0-9]{1,18}")) {
            throw HttpFailure.badRequest("the timeout \"" + Parameters.shortened(text)
                    + "\" is not a whole number of seconds");
        }
        long seconds = Long.parseLong(text);
        if (seconds < 0 || seconds > Plugins.MAX_START_TIMEOUT.toSeconds()) {
            throw HttpFailure.badRequest("the timeout " + seconds + " is out of range: 0 to "
                    + Plugins.MAX_START_TIMEOUT.toSeconds() + " seconds, where 0 means the default of "
                    + DEFAULT_START_TIMEOUT.toSeconds());
        }
        return seconds == 0 ? DEFAULT_START_TIMEOUT : Duration.ofSeconds(seconds);
    }
}
