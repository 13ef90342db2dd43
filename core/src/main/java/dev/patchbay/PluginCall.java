package dev.patchbay;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.reactivestreams.Publisher;

/**
 * One thing asked of a plugin, in Docker's plugin protocol: {@code POST /Service.Method} with JSON, answered with JSON.
 *
 * <pre>{@code
 * record Mount(String name, @JsonProperty("ID") String id) {}
 *
 * record Mounted(String mountpoint) {}
 *
 * PluginCall.of("VolumeDriver.Mount", Mounted.class).body(new Mount("data", "c1")).timeout(Duration.ofMinutes(2))
 * }</pre>
 *
 * <p>Names of record components are written with a capital, as Docker's are, unless they are annotated; they are read
 * without regard to case, and what is not known is passed over. Text, lists and maps that are missing or null are read
 * as empty.
 *
 * @param method {@code Service.Method}
 * @param body what is sent
 * @param answer what the answer is read as; {@code Void} if nothing but {@code Err} in it matters
 * @param timeout how long an answer may take, waiting for a connection included; empty: as long as the client grants. Of an
 *     answer that is a stream, until it begins
 * @param repeatable whether it may be carried out twice, so that it is tried again when the connection fails
 * @param uncounted whether it waits for something behind the plugin, so that no answer in time says nothing of the plugin: it is
 *     not counted among the calls of late after which the plugin is left alone for a while
 */
public record PluginCall<A>(String method, Body body, Class<A> answer, Optional<Duration> timeout,
        boolean repeatable, boolean uncounted) {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** What is sent along. */
    public sealed interface Body {
        /** Nothing. */
        record Nothing() implements Body {}

        /**
         * A value as JSON.
         *
         * @param value a record, or anything that can be written
         */
        record Json(Object value) implements Body {}

        /**
         * Bytes as they are, in chunks of a length that only their end tells.
         *
         * @param bytes subscribed to once for each time that the call is made
         */
        record Stream(Publisher<ByteBuffer> bytes) implements Body {}
    }

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the method has no such form, the timeout is under 1 ms, or a stream is to be
     *     repeated: nobody could send it again whole
     */
    public PluginCall {
        if (!isMethod(method)) {
            throw new IllegalArgumentException("a method is called Service.Method, not " + method);
        }
        if (timeout.filter(limit -> limit.compareTo(SHORTEST) < 0).isPresent()) {
            throw new IllegalArgumentException("the timeout of " + method + " must be at least 1 ms");
        }
        if (repeatable && body instanceof Body.Stream) {
            throw new IllegalArgumentException(
                    "a call whose body is a stream cannot be repeatable: " + method);
        }
    }

    /** Words with dots between them. Not by a pattern: a call is copied, and so checked, for all that is said of it. */
    private static boolean isMethod(String method) {
        boolean inWord = false;
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            boolean ofWord = c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
            if (!ofWord && !(c == '.' && inWord)) {
                return false;
            }
            inWord = ofWord;
        }
        return inWord;
    }

    /** A call without a body, whose answer says nothing but that it was done. */
    public static PluginCall<Void> of(String method) {
        return of(method, Void.class);
    }

    /** A call without a body. */
    public static <A> PluginCall<A> of(String method, Class<A> answer) {
        return new PluginCall<>(method, new Body.Nothing(), answer, Optional.empty(), false, false);
    }

    /** The same with a value to send. */
    public PluginCall<A> body(Object value) {
        return new PluginCall<>(method, new Body.Json(value), answer, timeout, repeatable, uncounted);
    }

    /** The same with bytes to send. @throws IllegalArgumentException if it is repeatable */
    public PluginCall<A> stream(Publisher<ByteBuffer> bytes) {
        return new PluginCall<>(method, new Body.Stream(bytes), answer, timeout, repeatable, uncounted);
    }

    /** The same with a time of its own. @throws IllegalArgumentException if that is under 1 ms */
    public PluginCall<A> timeout(Duration limit) {
        return new PluginCall<>(method, body, answer, Optional.of(limit), repeatable, uncounted);
    }

    /** The same, to be tried again when the connection fails. @throws IllegalArgumentException if a stream is sent */
    public PluginCall<A> asRepeatable() {
        return new PluginCall<>(method, body, answer, timeout, true, uncounted);
    }

    /** The same, of which no answer in time says nothing of the plugin. */
    public PluginCall<A> asUncounted() {
        return new PluginCall<>(method, body, answer, timeout, repeatable, true);
    }
}
