package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import reactor.core.publisher.Mono;

/** What can be asked of volumes. */
final class VolumeHandlers {
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final VolumeShape ONE = new VolumeShape();
    private static final VolumeShape.All ALL = new VolumeShape.All();
    private static final VolumeShape.Mounted MOUNTED = new VolumeShape.Mounted();
    private static final VolumeShape.Pruned PRUNED = new VolumeShape.Pruned();

    private final Volumes volumes;
    private final VolumeRequestReader requests = new VolumeRequestReader();

    VolumeHandlers(Volumes volumes) {
        this.volumes = volumes;
    }

    Mono<Reply> list(Exchange exchange) {
        return volumes.list(Parameters.volumes(exchange.target())).map(list -> JsonReply.of(200, ALL, list));
    }

    Mono<Reply> create(Exchange exchange) {
        return requests.read(exchange)
                .flatMap(volumes::create)
                .map(view -> JsonReply.of(CREATED, ONE, view)
                        .with("Location", NativeRoute.PREFIX + "/volumes/" + view.name()));
    }

    Mono<Reply> inspect(Exchange exchange) {
        return volumes.inspect(name(exchange)).map(view -> JsonReply.of(200, ONE, view));
    }

    Mono<Reply> remove(Exchange exchange) {
        return volumes.remove(name(exchange), Parameters.force(exchange.target()))
                .thenReturn(Reply.empty(NO_CONTENT));
    }

    Mono<Reply> prune(Exchange exchange) {
        return volumes.prune(Parameters.volumes(exchange.target()), Parameters.all(exchange.target()))
                .map(report -> JsonReply.of(200, PRUNED, report));
    }

    Mono<Reply> mount(Exchange exchange) {
        return volumes.mount(name(exchange), exchange.query("id"))
                .map(mounted -> JsonReply.of(200, MOUNTED, mounted));
    }

    Mono<Reply> unmount(Exchange exchange) {
        String id = exchange.query("id")
                .orElseThrow(() -> new InvalidRequestException(
                        "id is missing: say whose mount ends with ?id=ID, as its mounting answered", null));
        return volumes.unmount(name(exchange), id).thenReturn(Reply.empty(NO_CONTENT));
    }

    private static String name(Exchange exchange) {
        return exchange.required("name");
    }
}
