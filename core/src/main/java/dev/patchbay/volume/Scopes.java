package dev.patchbay.volume;

import dev.patchbay.PluginException;
import dev.patchbay.PluginUse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** What scope drivers say that they have: asked once for each start, and again as long as that fails. */
final class Scopes {
    /** More than there are drivers: beyond that all are asked again. */
    private static final int MOST = 1024;

    private final Workshop workshop;
    private final Map<String, Known> byPlugin = new ConcurrentHashMap<>();

    private record Known(Start start, String scope) {}

    Scopes(Workshop workshop) {
        this.workshop = workshop;
    }

    /** Never fails: whoever does not say it is local. */
    Mono<String> of(PluginUse driver) {
        return Mono.defer(() -> {
            Start start = workshop.drivers().start(driver);
            Known known = byPlugin.get(driver.name());
            return known != null && known.start().equals(start)
                    ? Mono.just(known.scope())
                    : workshop.calls().scope(driver).map(scope -> {
                        if (byPlugin.size() >= MOST) {
                            byPlugin.clear();
                        }
                        byPlugin.put(driver.name(), new Known(start, scope));
                        return scope;
                    }).onErrorReturn(PluginException.class, VolumeView.LOCAL);
        });
    }
}
