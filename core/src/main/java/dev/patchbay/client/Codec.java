package dev.patchbay.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.json.JsonTrees;
import dev.patchbay.text.Quoted;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * What is said to plugins and what they say, as JSON; read as Go reads it, since most of them were made for that: no value is
 * taken for one of another kind, such as {@code "true"} or 1 for a boolean. Stricter than Go in one thing: an answer that goes
 * on after its value makes no sense, as nobody can tell which part of it is meant.
 *
 * <p>One for all clients that are opened together: it remembers the types that it has seen, and keeps their class loaders.
 */
final class Codec {
    private static final String ERR = "Err";
    private static final int LONGEST_TEXT = 8 << 10;
    private static final int FIRST_BYTES = 512;

    private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();
    private final Map<Class<?>, ObjectWriter> writers = new ConcurrentHashMap<>();
    private volatile @Nullable JsonMapper mapper;

    /** Bytes up to a limit. */
    private static final class Line extends ByteArrayOutputStream {
        private final int limit;
        private boolean isFull;

        Line(int limit) {
            super(FIRST_BYTES);
            this.limit = limit;
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            if (length > limit - count) {
                isFull = true;
                throw new IllegalStateException("what is written is larger than " + limit + " bytes");
            }
            super.write(bytes, from, length);
        }
    }

    /** Made when a type is read or written first: that takes a while, which an opening is not to wait for. */
    private JsonMapper mapper() {
        JsonMapper made = mapper;
        if (made == null) {
            made = newMapper();
            mapper = made; // two that are made at once are alike
        }
        return made;
    }

    private static JsonMapper newMapper() {
        JsonMapper.Builder builder = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .changeDefaultPropertyInclusion(
                        inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT));
        for (CoercionInputShape other : List.of(CoercionInputShape.Integer, CoercionInputShape.Float,
                CoercionInputShape.Boolean)) {
            builder.withCoercionConfig(LogicalType.Textual,
                    config -> config.setCoercion(other, CoercionAction.Fail));
        }
        builder.withCoercionConfigDefaults(
                config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail));
        for (Class<?> type : List.of(String.class, List.class, Set.class, Collection.class, Map.class)) {
            builder.withConfigOverride(type,
                    override -> override.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
        }
        return builder.build();
    }

    /** A value as one line, if writing that keeps no event loop: if its type is known, and it is not large. */
    Optional<byte[]> encodeSoon(Call call, Object value) {
        ObjectWriter known = writers.get(value.getClass());
        return known == null ? Optional.empty() : encode(call, value, known, Answer.LARGE);
    }

    /** A value as one line. */
    byte[] encode(Call call, Object value) {
        ObjectWriter known = writers.get(value.getClass());
        ObjectWriter writer = known == null ? mapper().writer() : known;
        byte[] line = encode(call, value, writer, Integer.MAX_VALUE)
                .orElseThrow(() -> unwritable(call, "it is too large", null));
        if (known == null) {
            writers.put(value.getClass(), mapper().writerFor(value.getClass()));
        }
        return line;
    }

    private static Optional<byte[]> encode(Call call, Object value, ObjectWriter writer, int limit) {
        var line = new Line(limit);
        try {
            writer.writeValue(line, value);
        } catch (JacksonException | IllegalStateException e) {
            if (line.isFull) {
                return Optional.empty();
            }
            String problem = e instanceof JacksonException of
                    ? of.getOriginalMessage()
                    : String.valueOf(e.getMessage());
            throw unwritable(call, problem, e);
        }
        line.write('\n');
        return Optional.of(line.toByteArray());
    }

    private static InvalidRequestException unwritable(Call call, String problem, @Nullable Throwable cause) {
        return new InvalidRequestException("what " + call.method() + " is to send cannot be written as JSON: "
                + Quoted.shortened(problem), cause);
    }

    /** Whether values of a type can be read without a lock, which whoever finds out first how to read them holds. */
    boolean knows(Class<?> type) {
        return type == Void.class || type == JsonNode.class || readers.containsKey(type);
    }

    private ObjectReader reader(Class<?> type) {
        ObjectReader known = readers.get(type);
        if (known != null) {
            return known;
        }
        ObjectReader made = mapper().readerFor(type);
        readers.put(type, made); // the mapper remembers as much of each type
        return made;
    }

    /** What the plugin answers; empty if nothing is to be read. */
    <A> Optional<A> decode(Call call, Answer answer, Class<A> type) {
        if (answer.status() != Answer.OK) {
            throw refused(call, answer.status(), answer.body());
        }
        boolean nothing = type == Void.class;
        if (nothing && answer.body().length == 0) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JsonTrees.LENIENT.read(answer.body());
            err(tree).ifPresent(text -> {
                throw refused(call, Answer.OK, text);
            });
            if (nothing) {
                return Optional.empty();
            }
            return Optional.of(Optional.ofNullable(type == JsonNode.class
                    ? tree.isMissingNode() ? null : type.cast(tree)
                    : reader(type).<A>readValue(tree))
                    .orElseThrow(() -> new PluginCallException.Unreadable(call, "there is nothing in it",
                            null)));
        } catch (JacksonException e) {
            throw new PluginCallException.Unreadable(call, Quoted.shortened(e.getOriginalMessage()), e);
        }
    }

    /** Of a status that is not 200: {@code Err} of its body, or the body itself. */
    PluginCallException refused(Call call, int status, byte[] body) {
        String plain = new String(body, StandardCharsets.UTF_8).strip();
        String text = plain;
        try {
            text = err(JsonTrees.LENIENT.read(body)).orElse(plain);
        } catch (JacksonException _) {
            // It is a sentence, or a page.
        }
        return refused(call, status, text);
    }

    private static PluginCallException refused(Call call, int status, String text) {
        String shown = text.isBlank() ? "status " + status : Quoted.shortened(text);
        return new PluginCallException.Refused(call, status,
                text.substring(0, Math.min(text.length(), LONGEST_TEXT)), shown);
    }

    private static Optional<String> err(JsonNode tree) {
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            if (field.getKey().equalsIgnoreCase(ERR)) {
                JsonNode value = field.getValue();
                String text = value.isNull() ? "" : value.isString() ? value.stringValue() : value.toString();
                if (!text.isEmpty()) {
                    return Optional.of(text);
                }
            }
        }
        return Optional.empty();
    }
}
