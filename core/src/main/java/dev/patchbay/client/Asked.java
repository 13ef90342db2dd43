package dev.patchbay.client;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException.Call;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * A call, to be sent as often as need be: a value is turned into bytes once. For one subscription.
 *
 * @param call what is asked of whom
 * @param body what is sent
 * @param timeout how long an answer may take
 * @param uncounted whether no answer in time says nothing of the plugin
 */
record Asked(Call call, Body body, Duration timeout, boolean uncounted) {
    private static final byte[] NOTHING = {};

    /** One that is counted. */
    Asked(Call call, Body body, Duration timeout) {
        this(call, body, timeout, false);
    }

    /** What is sent. */
    sealed interface Body {
        /** All of it. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Whole(byte[] bytes) implements Body {}

        /** As it comes. */
        record Chunks(Publisher<ByteBuffer> bytes) implements Body {}

        /** All of it, as soon as somebody has had the time to write it. */
        final class Unwritten implements Body {
            private final Object value;
            private volatile byte @Nullable [] bytes;

            Unwritten(Object value) {
                this.value = value;
            }
        }
    }

    static Asked of(String plugin, PluginCall<?> call, Duration usual, Codec codec) {
        var which = new Call(plugin, call.method());
        Body body = switch (call.body()) {
            case PluginCall.Body.Nothing _ -> new Body.Whole(NOTHING);
            case PluginCall.Body.Json(Object value) -> codec.encodeSoon(which, value)
                    .<Body>map(Body.Whole::new)
                    .orElseGet(() -> new Body.Unwritten(value));
            case PluginCall.Body.Stream(Publisher<ByteBuffer> bytes) -> new Body.Chunks(bytes);
        };
        return new Asked(which, body, call.timeout().orElse(usual), call.uncounted());
    }

    /** Whether it must be {@link #write written} before it can be sent. */
    boolean isUnwritten() {
        return body instanceof Body.Unwritten unwritten && unwritten.bytes == null;
    }

    /** Turns the value into bytes, where that may take a while. */
    void write(Codec codec) {
        if (body instanceof Body.Unwritten unwritten) {
            unwritten.bytes = codec.encode(call, unwritten.value);
        }
    }

    /** What is sent, of a value that was written. */
    static byte[] bytes(Body.Unwritten body) {
        byte[] bytes = body.bytes;
        if (bytes == null) {
            throw new IllegalStateException("sent before it was written");
        }
        return bytes;
    }

    /** Where it is sent to. */
    String path() {
        return "/" + call.method();
    }
}
