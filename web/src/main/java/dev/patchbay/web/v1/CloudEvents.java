package dev.patchbay.web.v1;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/**
 * CloudEvents 1.0 in structured mode, with the extension {@code sequence}. The id is the cursor, the data what an event
 * frame has after {@code prev}. That events are lost, or that they begin elsewhere than was asked, is an event as well,
 * of type {@code dev.patchbay.gap}; there is no word for anything else.
 *
 * @param source the URI of whose events they are
 */
record CloudEvents(String source) implements Encoding {
    /** What the types of events begin with. */
    static final String TYPE = "dev.patchbay.";

    private static final byte[] DATA = ",\"data\":{".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void write(ByteBuf out, Said said) {
        switch (said) {
            case Said.Happened(LoggedEvent event, long _) -> event(out, event);
            case Said.Lost(EventSignal.Gap gap) -> gap(out, gap.to(), gap.reason().wireName());
            case Said.Began(EventSignal.Subscribed where, boolean _) when !where.recovered() ->
                gap(out, where.resumeFrom(), where.reason().wireName());
            case Said.Began _,Said.Passed _ -> {
            }
            case Said.SnapshotBegan _,Said.Plugin _,Said.SnapshotEnded _ -> {
            } // not to be had in this format
        }
    }

    private void event(ByteBuf out, LoggedEvent logged) {
        PluginEvent event = logged.event();
        JsonFrames.write(out, json -> {
            json.writeStartObject();
            context(json, logged.cursor(), "plugin." + event.type().wireName());
            json.writeStringProperty("time", event.time().toString());
            if (!event.name().isEmpty()) {
                json.writeStringProperty("subject", event.name());
            }
            json.writeEndObject();
        });
        out.writerIndex(out.writerIndex() - 1).writeBytes(DATA).writeBytes(logged.json()).writeByte('}');
    }

    private void gap(ByteBuf out, Cursor to, String reason) {
        JsonFrames.write(out, json -> {
            json.writeStartObject();
            context(json, to, "gap");
            json.writeObjectPropertyStart("data");
            json.writeStringProperty("to", to.toString());
            json.writeStringProperty("reason", reason);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private void context(JsonGenerator json, Cursor place, String type) {
        json.writeStringProperty("specversion", "1.0");
        json.writeStringProperty("id", place + (type.equals("gap") ? "-gap" : ""));
        json.writeStringProperty("source", source);
        json.writeStringProperty("type", TYPE + type);
        json.writeStringProperty("datacontenttype", "application/json");
        // As many digits as the greatest number has: they are compared as texts.
        json.writeStringProperty("sequence", "%019d".formatted(place.seq()));
    }
}
