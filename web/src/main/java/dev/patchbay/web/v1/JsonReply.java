package dev.patchbay.web.v1;

import dev.patchbay.web.Reply;
import java.nio.charset.StandardCharsets;

/** Whole answers in JSON. */
final class JsonReply {
    private JsonReply() {}

    /** A value in its shape, on one line. */
    static <T> Reply of(int status, Shape<T> shape, T value) {
        return Reply.json(status, (shape.text(value) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
