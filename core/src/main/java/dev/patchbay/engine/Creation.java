package dev.patchbay.engine;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.engine.Delivery.Origin;
import dev.patchbay.engine.Ticket.Claim;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.reference.InvalidReferenceException;
import dev.patchbay.store.InvalidContentException;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Plugins that are made here: of a context. */
final class Creation {
    private final Works works;

    Creation(Works works) {
        this.works = works;
    }

    Mono<PluginId> of(String text, Publisher<ByteBuffer> context) {
        return name(text).flatMap(name -> {
            var unpacking = works.fedWorks().of("unpacking the context");
            var staging = unpacking.limited(works.store().stage(name, unpacking.fed(context)))
                    .onErrorMap(InvalidContentException.class, PluginEngine::invalid)
                    .map(staged -> new Delivery(staged, new Origin.Local()));
            var ticket = new Ticket(Intake.newId(works), new Claim.Name(name));
            return new Intake(works).of(ticket, staging).thenReturn(ticket.plugin());
        });
    }

    /** The name that a caller gave. */
    static Mono<PluginName> name(String text) {
        return Mono.fromCallable(() -> PluginName.parse(text))
                .onErrorMap(InvalidReferenceException.class,
                        e -> new InvalidRequestException(
                                "invalid plugin name \"" + text + "\": " + e.getMessage(), e));
    }
}
