package dev.patchbay.web.v1;

import dev.patchbay.web.Exchange;
import dev.patchbay.web.Handler;
import dev.patchbay.web.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** A description of the native API: as OpenAPI 3.1, or of its event stream, as AsyncAPI 3. */
final class DocumentHandler implements Handler {
    private static final String FOLDER = "/dev/patchbay/web/";

    private final Reply document;

    /** Reads a document beside the server, once. */
    DocumentHandler(String name) {
        document = Reply.json(200, read(FOLDER + name));
    }

    @Override
    public Mono<Reply> handle(Exchange exchange) {
        return Mono.just(document);
    }

    private static byte[] read(String resource) {
        try (InputStream file = DocumentHandler.class.getResourceAsStream(resource)) {
            return Objects.requireNonNull(file, resource).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + resource, failure);
        }
    }
}
