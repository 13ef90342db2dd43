import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints Patchbay's events as they arrive over WebSocket, with nothing but the JDK. Run as a source file:
 *
 * <pre>{@code java Events.java ws://127.0.0.1:PORT/patchbay/v1/events}</pre>
 */
final class Events implements WebSocket.Listener {
    private static final Pattern TIME = Pattern.compile("\"time\":\"[^T\"]*T([0-9:]{8}\\.?[0-9]{0,3})");
    private static final Pattern TYPE = Pattern.compile("\"type\":\"([a-z_]+)\"");
    private static final Pattern SEQ = Pattern.compile("\"seq\":([0-9]+)");
    private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]*)\"");
    private static final Pattern ATTRIBUTES = Pattern.compile("\"attributes\":(\\{[^}]*\\})");

    private final CountDownLatch over = new CountDownLatch(1);
    private final StringBuilder message = new StringBuilder();

    public static void main(String[] arguments) throws InterruptedException {
        var events = new Events();
        try (var client = HttpClient.newHttpClient()) {
            client.newWebSocketBuilder().buildAsync(URI.create(arguments[0]), events).join();
            events.over.await();
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            print(message.toString());
            message.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        System.out.println("   <- stream closed: " + code + " " + reason);
        over.countDown();
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        System.out.println("   <- stream broken: " + error.getMessage());
        over.countDown();
    }

    private static void print(String json) {
        if (json.contains("\"frame\":\"hello\"")) {
            System.out.println("   <- connected");
            return;
        }
        if (!json.contains("\"frame\":\"event\"")) {
            return; // where it begins, and how far it has come
        }
        String line = "   <- %s #%s %s %s %s".formatted(
                find(TIME, json),
                find(SEQ, json),
                find(TYPE, json),
                find(NAME, json),
                find(ATTRIBUTES, json).replace("{}", ""));
        System.out.println(line.stripTrailing());
    }

    private static String find(Pattern pattern, String json) {
        Matcher matcher = pattern.matcher(json);
        return matcher.find() ? matcher.group(1) : "";
    }
}
