package dev.patchbay.client;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException.Call;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.reactivestreams.Publisher;

/**
 * A call, ready to be sent, as often as need be: a value was turned into bytes once.
 *
 * @param call what is asked of whom
 * @param body what is sent
 * @param timeout how long an answer may take
 */
record Asked(Call call, Body body, Duration timeout) {
    private static final byte[] NOTHING = {};

    /** What is sent. */
    sealed interface Body {
        /** All of it. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Whole(byte[] bytes) implements Body {}

        /** As it comes. */
        record Chunks(Publisher<ByteBuffer> bytes) implements Body {}
    }

    static Asked of(String plugin, PluginCall<?> call, Duration usual) {
        var which = new Call(plugin, call.method());
        Body body = switch (call.body()) {
            case PluginCall.Body.Nothing _ -> new Body.Whole(NOTHING);
            case PluginCall.Body.Json(Object value) -> new Body.Whole(Codec.encode(which, value));
            case PluginCall.Body.Stream(Publisher<ByteBuffer> bytes) -> new Body.Chunks(bytes);
        };
        return new Asked(which, body, call.timeout().orElse(usual));
    }

    /** Where it is sent to. */
    String path() {
        return "/" + call.method();
    }
}
