package dev.patchbay.web.v1;

import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The description of the native API, as OpenAPI 3.1. */
final class DocumentHandler implements Handler {
    private static final String RESOURCE = "/dev/patchbay/web/openapi.json";

    private final Reply document = Reply.json(200, read());

    @Override
    public Mono<Reply> handle(Exchange exchange) {
        return Mono.just(document);
    }

    private static byte[] read() {
        try (InputStream file = DocumentHandler.class.getResourceAsStream(RESOURCE)) {
            return Objects.requireNonNull(file, RESOURCE).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + RESOURCE, failure);
        }
    }
}
