package dev.patchbay.authz;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What a plugin is told: Docker's {@code pkg/authorization.Request}, whose bytes are base64 and whose empty parts are left out.
 * What is known of the answer is empty while the request waits to be carried out.
 */
@SuppressWarnings("ArrayRecordComponent") // written once, compared never
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record AuthzMessage(
        @JsonProperty("User") String user,
        @JsonProperty("UserAuthNMethod") String userAuthNMethod,
        @JsonProperty("RequestMethod") String requestMethod,
        @JsonProperty("RequestUri") String requestUri,
        @JsonProperty("RequestBody") byte[] requestBody,
        @JsonProperty("RequestHeaders") Map<String, String> requestHeaders,
        @JsonProperty("RequestPeerCertificates") List<byte[]> requestPeerCertificates,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonProperty("ResponseStatusCode") int responseStatusCode,
        @JsonProperty("ResponseBody") byte[] responseBody,
        @JsonProperty("ResponseHeaders") Map<String, String> responseHeaders) {
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
}
