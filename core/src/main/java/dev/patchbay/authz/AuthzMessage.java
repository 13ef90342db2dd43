package dev.patchbay.authz;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * What a plugin is told: Docker's {@code pkg/authorization.Request}, whose bytes are base64 and whose empty parts are left out.
 * What is known of the answer is empty while the request waits to be carried out.
 *
 * <p>Writes itself: every request is told twice to each plugin, and finding out each time what a record has takes longer.
 */
@SuppressWarnings("ArrayRecordComponent") // written once, compared never
record AuthzMessage(String user, String userAuthNMethod, String requestMethod, String requestUri,
        byte[] requestBody, Map<String, String> requestHeaders, List<byte[]> requestPeerCertificates,
        int responseStatusCode, byte[] responseBody, Map<String, String> responseHeaders)
        implements
            JacksonSerializable {
    private static final byte[] NOTHING = {};

    static AuthzMessage of(AuthzRequest request) {
        return message(request, 0, NOTHING, Map.of());
    }

    static AuthzMessage of(AuthzRequest request, AuthzResponse response) {
        return message(request, response.status(), response.body().orElse(NOTHING), response.headers());
    }

    private static AuthzMessage message(AuthzRequest request, int status, byte[] body,
            Map<String, String> headers) {
        AuthzUser user = request.user();
        return new AuthzMessage(user.name(), user.method(), request.method(), request.uri(),
                request.body().orElse(NOTHING), request.headers(), user.certificates(), status, body,
                headers);
    }

    @Override
    public void serialize(JsonGenerator json, SerializationContext context) {
        json.writeStartObject();
        text("User", user, json);
        text("UserAuthNMethod", userAuthNMethod, json);
        text("RequestMethod", requestMethod, json);
        text("RequestUri", requestUri, json);
        bytes("RequestBody", requestBody, json);
        texts("RequestHeaders", requestHeaders, json);
        if (!requestPeerCertificates.isEmpty()) {
            json.writeArrayPropertyStart("RequestPeerCertificates");
            requestPeerCertificates.forEach(json::writeBinary);
            json.writeEndArray();
        }
        if (responseStatusCode != 0) {
            json.writeNumberProperty("ResponseStatusCode", responseStatusCode);
        }
        bytes("ResponseBody", responseBody, json);
        texts("ResponseHeaders", responseHeaders, json);
        json.writeEndObject();
    }

    @Override
    public void serializeWithType(JsonGenerator json, SerializationContext context, TypeSerializer type) {
        serialize(json, context);
    }

    private static void text(String name, String value, JsonGenerator json) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
    }

    private static void bytes(String name, byte[] value, JsonGenerator json) {
        if (value.length > 0) {
            json.writeName(name);
            json.writeBinary(value);
        }
    }

    private static void texts(String name, Map<String, String> values, JsonGenerator json) {
        if (!values.isEmpty()) {
            json.writeObjectPropertyStart(name);
            values.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
    }
}
