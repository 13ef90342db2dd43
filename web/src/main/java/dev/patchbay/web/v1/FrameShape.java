package dev.patchbay.web.v1;

import tools.jackson.core.JsonGenerator;

/** {@code HelloFrame} and {@code ErrorFrame}. Field {@code frame} tells frames apart. */
final class FrameShape implements Shape<Frame> {
    @Override
    public void write(JsonGenerator json, Frame frame) {
        json.writeStartObject();
        switch (frame) {
            case Frame.Hello hello -> hello(json, hello);
            case Frame.Failed failed -> failed(json, failed);
        }
        json.writeEndObject();
    }

    private static void hello(JsonGenerator json, Frame.Hello hello) {
        json.writeStringProperty("frame", "hello");
        json.writeStringProperty("epoch", hello.bounds().epoch());
        json.writeNumberProperty("oldest", hello.bounds().oldest());
        json.writeNumberProperty("head", hello.bounds().head());
        json.writeNumberProperty("heartbeatMs", hello.heartbeat().toMillis());
        json.writeNumberProperty("maxCredit", StreamLimits.MAX_CREDIT);
        json.writeStringProperty("node", hello.node());
        json.writeStringProperty("version", hello.version());
    }

    private static void failed(JsonGenerator json, Frame.Failed failed) {
        json.writeStringProperty("frame", "error");
        if (!failed.sub().isEmpty()) {
            json.writeStringProperty("sub", failed.sub());
        }
        json.writeStringProperty("code", failed.code().wireName());
        json.writeStringProperty("message", failed.message());
    }
}
