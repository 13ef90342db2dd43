package dev.patchbay.web.docker;

import dev.patchbay.InstallRequest;
import dev.patchbay.Plugins;
import dev.patchbay.PullProgress;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.InvalidReferenceException;
import dev.patchbay.reference.Reference;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The routes that talk to registries on behalf of plugins. */
final class RemoteHandlers {
    /** Where clients read what an installed plugin is called. */
    private static final String PLUGIN_NAME = "Docker-Plugin-Name";

    private static final String NAME = "name";
    private static final ApiVersion UPGRADE_MIN = new ApiVersion("1.26");

    private final Plugins plugins;
    private final Scheduler timer;

    RemoteHandlers(Plugins plugins, Scheduler timer) {
        this.plugins = plugins;
        this.timer = timer;
    }

    /**
     * Denied access is 403 here and not 401: to that, docker 28 asks for a login to Docker Hub, whichever
     * registry it is about, shows nothing of our sentence, and waits for ever where nobody can answer (docker/cli
     * {@code cli/command/registry.go}).
     */
    Mono<Reply> privileges(Exchange exchange) {
        return Mono.defer(() -> {
            Reference remote = remote(exchange.query("remote").orElse(""));
            return plugins.privileges(remote, RegistryAuth.access(exchange))
                    .map(asked -> Reply.json(200, PrivilegesJson.line(asked)))
                    .onErrorMap(RemoteDeniedException.class,
                            denied -> new HttpFailure(403, String.valueOf(denied.getMessage())));
        });
    }

    Mono<Reply> pull(Exchange exchange) {
        return JsonBody.tree(exchange).map(PrivilegesJson::read).map(granted -> {
            Reference remote = remote(exchange.query("remote").orElse(""));
            Optional<PluginName> alias = exchange.query(NAME)
                    .filter(name -> !name.isEmpty())
                    .map(RemoteHandlers::alias);
            var request = new InstallRequest(remote, alias, granted, RegistryAuth.access(exchange));
            PluginName name = alias.orElseGet(() -> PluginName.of(remote));
            return pulling(exchange, plugins.install(request)).with(PLUGIN_NAME, name.familiar());
        });
    }

    /** By id, too, which Docker cannot (D4). */
    Mono<Reply> upgrade(Exchange exchange) {
        if (ApiEdge.version(exchange).isBefore(UPGRADE_MIN)) {
            throw HttpFailure.badRequest(
                    "POST /plugins/{name:.*}/upgrade requires minimum API version " + UPGRADE_MIN);
        }
        return JsonBody.tree(exchange)
                .map(PrivilegesJson::read)
                .flatMap(granted -> upgrade(exchange, granted));
    }

    private Mono<Reply> upgrade(Exchange exchange, List<Privilege> granted) {
        Reference remote = remote(exchange.query("remote").orElse(""));
        var request = new UpgradeRequest(remote, granted, RegistryAuth.access(exchange));
        return plugins.inspect(exchange.required(NAME))
                .map(view -> view.plugin())
                .map(plugin -> pulling(exchange, plugins.upgrade(plugin.id().hex(), request))
                        .with(PLUGIN_NAME, plugin.name().familiar()));
    }

    Mono<Reply> push(Exchange exchange) {
        return Mono.fromSupplier(() -> {
            var steps = plugins.push(exchange.required(NAME), RegistryAuth.access(exchange));
            return stream(exchange, Flux.defer(() -> {
                var lines = new PushLines(throttle());
                return steps.concatMapIterable(lines::of);
            }));
        });
    }

    private Reply pulling(Exchange exchange, Flux<PullProgress> steps) {
        return stream(exchange, Flux.defer(() -> {
            var lines = new PullLines(throttle());
            return steps.concatMapIterable(lines::of);
        }));
    }

    private Throttle throttle() {
        return new Throttle(() -> timer.now(TimeUnit.MILLISECONDS));
    }

    private static Reply stream(Exchange exchange, Flux<byte[]> lines) {
        return new Reply.Late(Map.of(), Map.of("Content-Type", Reply.JSON), lines,
                new StreamFailures(exchange.caller()));
    }

    private static Reference remote(String text) {
        try {
            return Reference.parse(text);
        } catch (InvalidReferenceException e) {
            throw HttpFailure.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static PluginName alias(String text) {
        Reference reference = remote(text);
        if (reference.digest().isPresent()) {
            throw HttpFailure.badRequest("cannot use digest in plugin tag");
        }
        return new PluginName(reference.withDefaultTag());
    }
}
