package dev.patchbay.web.v1;

import dev.patchbay.event.EventSignal;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * A subscription's frames: {@code SubscribedFrame}, {@code SnapshotBeginFrame}, {@code PluginFrame},
 * {@code SnapshotEndFrame}, {@code EventFrame}, {@code GapFrame}, {@code BookmarkFrame}. Those of a stream that is the
 * only one of its connection have no {@code sub}.
 */
final class JsonFrames implements Encoding {
    private static final PluginShape PLUGIN = new PluginShape(false);
    private static final byte[] PREV = ",\"prev\":".getBytes(StandardCharsets.US_ASCII);

    private final String sub;
    private final byte[] eventUpToSeq;

    /** Makes those of a subscription, or, with an empty name, of a stream without one. */
    JsonFrames(String sub) {
        this.sub = sub;
        // Names of subscriptions have nothing that JSON would escape.
        String named = sub.isEmpty() ? "" : "\"sub\":\"" + sub + "\",";
        eventUpToSeq = ("{\"frame\":\"event\"," + named + "\"seq\":").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void write(ByteBuf out, Said said) {
        switch (said) {
            case Said.Happened(LoggedEvent event, long prev) -> event(out, event, prev);
            case Said.Began(EventSignal.Subscribed where, boolean _) -> frame(out, "subscribed", json -> {
                json.writeBooleanProperty("recovered", where.recovered());
                json.writeStringProperty("reason", where.reason().wireName());
                json.writeStringProperty("resumeFrom", where.resumeFrom().toString());
                json.writeNumberProperty("head", where.head().seq());
            });
            case Said.SnapshotBegan(var asOf) ->
                frame(out, "snapshot.begin", json -> json.writeNumberProperty("asOf", asOf.seq()));
            case Said.Plugin(var view) -> frame(out, "plugin", json -> {
                json.writeName("plugin");
                PLUGIN.write(json, view);
            });
            case Said.SnapshotEnded(var asOf) ->
                frame(out, "snapshot.end", json -> json.writeNumberProperty("asOf", asOf.seq()));
            case Said.Lost(EventSignal.Gap gap) -> frame(out, "gap", json -> {
                json.writeStringProperty("from", gap.from().toString());
                json.writeStringProperty("to", gap.to().toString());
                json.writeStringProperty("reason", gap.reason().wireName());
            });
            case Said.Passed(var upTo) ->
                frame(out, "bookmark", json -> json.writeNumberProperty("seq", upTo.seq()));
        }
    }

    private void event(ByteBuf out, LoggedEvent event, long prev) {
        out.writeBytes(eventUpToSeq);
        ByteBufUtil.writeAscii(out, Long.toString(event.seq()));
        out.writeBytes(PREV);
        ByteBufUtil.writeAscii(out, Long.toString(prev));
        out.writeByte(',');
        out.writeBytes(event.json());
    }

    private void frame(ByteBuf out, String kind, Consumer<JsonGenerator> fields) {
        write(out, json -> {
            json.writeStartObject();
            json.writeStringProperty("frame", kind);
            if (!sub.isEmpty()) {
                json.writeStringProperty("sub", sub);
            }
            fields.accept(json);
            json.writeEndObject();
        });
    }

    /** Appends JSON to a buffer. */
    static void write(ByteBuf out, Consumer<JsonGenerator> content) {
        try (OutputStream stream = new ByteBufOutputStream(out);
                JsonGenerator json = Shape.JSON.createGenerator(ObjectWriteContext.empty(), stream)) {
            content.accept(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a buffer in memory", impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonFrames frames && frames.sub.equals(sub);
    }

    @Override
    public int hashCode() {
        return sub.hashCode();
    }
}
