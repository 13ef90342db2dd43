package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * What a load generator does: connects so many times to one stream and counts what comes.
 *
 * @param format what the stream is made of
 * @param target where the server listens
 * @param path what is asked for
 * @param connections how many subscribers, each on a connection of its own
 * @param detail what is noted of each event
 * @param mix how many of them are slow, or hang up and resume
 * @param access what they need to be let in
 */
public record LoadPlan(LoadFormat format, Target target, String path, int connections, Detail detail,
        Mix mix, Access access) {
    private static final String EVENTS = "/patchbay/v1/events";

    /** What is noted of each event. */
    public enum Detail {
        /** That it came, and whether it was the next. */
        COUNT,
        /** How old it was, too. */
        AGE
    }

    /** A stream from a port of loopback for subscribers who just take what comes. */
    public LoadPlan(LoadFormat format, int port, String path, int connections, Detail detail) {
        this(format, new Target.Tcp("127.0.0.1", port), path, connections, detail, Mix.STEADY,
                Access.OPEN);
    }

    /** The event stream as a WebSocket without any frame of the client's: events at once. */
    public static LoadPlan events(int port, String query, int connections, Detail detail) {
        return new LoadPlan(LoadFormat.WEB_SOCKET, port, EVENTS + query, connections, detail);
    }

    /** The same from anywhere, with the age of each event. */
    static LoadPlan events(Target target, String query, int subscribers, Mix mix, Access access) {
        return new LoadPlan(LoadFormat.WEB_SOCKET, target, EVENTS + query, subscribers, Detail.AGE, mix,
                access);
    }

    /** Reads what {@link #arguments} gave. */
    public static LoadPlan parse(List<String> arguments) {
        var mix = new Mix(Integer.parseInt(arguments.get(5)), Integer.parseInt(arguments.get(6)));
        return new LoadPlan(LoadFormat.valueOf(arguments.get(0)), Target.parse(arguments.get(1)),
                arguments.get(2),
                Integer.parseInt(arguments.get(3)), Detail.valueOf(arguments.get(4)), mix,
                Access.parse(arguments.subList(7, arguments.size())));
    }

    /** The plan as a program's arguments. */
    public List<String> arguments() {
        var arguments = new ArrayList<>(List.of(format.name(), target.toString(), path,
                Integer.toString(connections), detail.name(), Integer.toString(mix.slow()),
                Integer.toString(mix.resuming())));
        arguments.addAll(access.arguments());
        return arguments;
    }

    /** The head of a subscriber's request, with what an {@link Endpoint} adds to it. */
    String request(Subscriber subscriber, String fields) {
        String since = subscriber.since();
        String more = since.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + since;
        return request(path + more, fields);
    }

    @SuppressWarnings("StringConcatToTextBlock") // HTTP has line ends of its own
    private String request(String wanted, String fields) {
        String upgrade = switch (format) {
            case WEB_SOCKET -> "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
            case DOCKER -> "";
        };
        return "GET " + wanted + " HTTP/1.1\r\nHost: " + target.host() + "\r\n" + fields + upgrade
                + "\r\n";
    }
}
