package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whom a {@link FakeRegistryServer} lets in, and the token service beside it. */
final class FakeAuthority {
    /** How callers prove who they are. */
    enum Mode {
        OPEN, BASIC, TOKEN
    }

    private volatile Mode mode = Mode.OPEN;
    private volatile String user = "";
    private volatile String password = "";
    private volatile boolean knowsForms = true;
    private volatile int lifetimeSeconds = 300;
    private final Map<String, Set<String>> tokens = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();

    void require(Mode newMode, String newUser, String newPassword) {
        mode = newMode;
        user = newUser;
        password = newPassword;
        tokens.clear();
    }

    void forgetTokens() {
        tokens.clear();
    }

    void knowsForms(boolean knows) {
        knowsForms = knows;
    }

    void lifetime(int seconds) {
        lifetimeSeconds = seconds;
    }

    int issued() {
        return issued.get();
    }

    /** A refusal, if the request proves too little. */
    Optional<Reply> refusal(Seen request, String origin) {
        String shown = request.header("Authorization").orElse("");
        return switch (mode) {
            case OPEN -> Optional.empty();
            case BASIC -> shown.equals(basic(user, password))
                    ? Optional.empty()
                    : Optional.of(denied().with("WWW-Authenticate", "Basic realm=\"fake\""));
            case TOKEN -> isGranted(request, shown)
                    ? Optional.empty()
                    : Optional.of(denied().with("WWW-Authenticate", "Bearer realm=\"" + origin
                            + "/token\",service=\"fake registry\",scope=\"" + needed(request) + "\""));
        };
    }

    private static Reply denied() {
        return Reply.error(401, "UNAUTHORIZED", "authentication required");
    }

    private boolean isGranted(Seen request, String shown) {
        String needed = needed(request);
        Set<String> granted = shown.startsWith("Bearer ") ? tokens.get(shown.substring(7)) : null;
        return granted != null && (needed.isEmpty() || granted.contains(needed));
    }

    /** Scopes are kept one action each. */
    private static String needed(Seen request) {
        if (request.path().equals("/v2/")) {
            return "";
        }
        String repository = request.path()
                .replaceFirst("^/v2/", "")
                .replaceFirst("/(manifests|blobs)/.*$", "");
        boolean reading = Set.of("GET", "HEAD").contains(request.method())
                && !request.path().contains("/uploads/");
        return "repository:" + repository + ":" + (reading ? "pull" : "push");
    }

    /** The token service. */
    Reply token(Seen request) {
        boolean posted = request.method().equals("POST");
        if (posted && !knowsForms) {
            return Reply.of(405);
        }
        var fields = fields(posted ? new String(request.body(), UTF_8) : query(request.uri()));
        if (!mayHaveToken(request, fields)) {
            return Reply.of(401)
                    .with("Content-Type", "application/json")
                    .with("{\"details\":\"incorrect username or password\"}".getBytes(UTF_8));
        }
        String token = "token-" + issued.incrementAndGet();
        tokens.put(token, Arrays.stream(fields.getOrDefault("scope", "").split(" ", -1))
                .flatMap(FakeAuthority::single)
                .collect(Collectors.toSet()));
        boolean offline = fields.containsKey("offline_token") || "offline".equals(fields.get("access_type"));
        return Reply.of(200)
                .with("Content-Type", "application/json")
                .with(("{\"token\":\"" + token + "\",\"expires_in\":" + lifetimeSeconds
                        + (offline ? ",\"refresh_token\":\"refresh-" + user + "\"" : "") + "}")
                        .getBytes(UTF_8));
    }

    private static Stream<String> single(String scope) {
        int colon = scope.lastIndexOf(':');
        return colon < 0
                ? Stream.empty()
                : Arrays.stream(scope.substring(colon + 1).split(",", -1))
                        .map(a -> scope.substring(0, colon + 1) + a);
    }

    private boolean mayHaveToken(Seen request, Map<String, String> fields) {
        if (user.isEmpty()) {
            return true;
        }
        return switch (fields.getOrDefault("grant_type", "")) {
            case "password" -> user.equals(fields.get("username")) && password.equals(fields.get("password"));
            case "refresh_token" -> ("refresh-" + user).equals(fields.get("refresh_token"));
            default -> request.header("Authorization").equals(Optional.of(basic(user, password)));
        };
    }

    private static String basic(String name, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(UTF_8));
    }

    private static String query(String uri) {
        return uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "";
    }

    private static Map<String, String> fields(String form) {
        var fields = new HashMap<String, String>();
        for (String field : form.split("&", -1)) {
            String[] parts = field.split("=", 2);
            if (parts.length == 2) {
                fields.merge(parts[0], URLDecoder.decode(parts[1], UTF_8), (a, b) -> a + " " + b);
            }
        }
        return fields;
    }
}
