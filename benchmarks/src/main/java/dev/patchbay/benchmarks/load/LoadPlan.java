package dev.patchbay.benchmarks.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a load generator does: connects so many times to one stream and counts what comes.
 *
 * @param format what the stream is made of
 * @param port where the server listens, on loopback
 * @param path what is asked for
 * @param connections how many connections
 * @param detail what is noted of each event
 */
public record LoadPlan(LoadFormat format, int port, String path, int connections, Detail detail) {
    /** What is noted of each event. */
    public enum Detail {
        /** That it came, and whether it was the next. */
        COUNT,
        /** How old it was, too. */
        AGE
    }

    /** The event stream as a WebSocket without any frame of the client's: events at once. */
    public static LoadPlan events(int port, String query, int connections, Detail detail) {
        return new LoadPlan(LoadFormat.WEB_SOCKET, port, "/patchbay/v1/events" + query, connections, detail);
    }

    /** Reads what {@link #arguments} gave. */
    public static LoadPlan parse(List<String> arguments) {
        return new LoadPlan(LoadFormat.valueOf(arguments.get(0)), Integer.parseInt(arguments.get(1)),
                arguments.get(2), Integer.parseInt(arguments.get(3)), Detail.valueOf(arguments.get(4)));
    }

    /** The plan as a program's arguments. */
    public List<String> arguments() {
        return List.of(format.name(), Integer.toString(port), path, Integer.toString(connections),
                detail.name());
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The head of the request. */
    @SuppressWarnings("StringConcatToTextBlock") // HTTP has line ends of its own
    public String request() {
        String upgrade = switch (format) {
            case WEB_SOCKET -> "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
            case DOCKER -> "";
        };
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + upgrade + "\r\n";
    }
}
