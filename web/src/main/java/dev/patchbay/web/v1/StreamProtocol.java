package dev.patchbay.web.v1;

import dev.patchbay.PluginException;
import java.time.Duration;
import java.util.List;

/**
 * The rules of one WebSocket that the server pushes to: when to ping, when to give up, what the client may say. Pure:
 * no clock, no socket, no text form; a {@link FrameSocket} feeds it and obeys.
 *
 * <p>A quiet connection goes around {@link Quiet}, ping, {@link Asked}, pong, {@link Quiet}. Whatever ends it leads to
 * {@link Ended}, from which nothing leads away: at most one {@link Close} is ever ordered. Pings are numbered, so a late
 * pong or timer of an earlier one changes nothing.
 *
 * @param heartbeat from an answered ping to the next
 * @param pongTimeout how long a client may take to answer one
 * @param atEnd how to close when the source has nothing more to say
 */
record StreamProtocol(Duration heartbeat, Duration pongTimeout, CloseCode atEnd) {

    /** Where a connection is. */
    sealed interface State {}

    /** Nothing is expected from the client; {@code pings} were sent. */
    record Quiet(long pings) implements State {}

    /** The client owes the answer to this ping. */
    record Asked(long ping) implements State {}

    /** Closed, or being closed. */
    record Ended() implements State {}

    /** What happened to a connection. */
    sealed interface Input {}

    /** The handshake is over. */
    record Opened() implements Input {}

    /** It is time for the next ping. */
    record HeartbeatDue() implements Input {}

    /** The client answered a ping. */
    record Ponged(long ping) implements Input {}

    /**
     * The time for an answer is over.
     *
     * @param backlog what waits for the client's socket
     */
    record PongOverdue(long ping, Backlog backlog) implements Input {}

    /** What waits for a client's socket. */
    enum Backlog {
        /** Nothing: what was sent is on its way. */
        NONE,
        /** Something, and the ping may be behind it; who feeds the protocol watches whether it moves. */
        WATCHED,
        /** Something, and that is all that is known. */
        UNWATCHED
    }

    /** The client's socket took nothing for this time, though something waits. */
    record TookNothing(Duration time) implements Input {}

    /** The client sent text. */
    record SaidText() implements Input {}

    /** The client sent bytes. */
    record SaidBytes() implements Input {}

    /** The client said something that ends the conversation. */
    record SaidWrong(CloseCode code, String reason) implements Input {}

    /** The source has nothing more to say. */
    record SourceEnded() implements Input {}

    /** The source failed, in a way that was foreseen. */
    record SourceFailed(PluginException failure) implements Input {}

    /** The source failed in a way that nobody foresaw. */
    record SourceBroke() implements Input {}

    /** The server takes no more connections and ends those it has. */
    record ServerClosing() implements Input {}

    /** What is to be done for a connection. */
    sealed interface Order {}

    /** Send a ping with this number. */
    record Ping(long ping) implements Order {}

    /** Report {@link HeartbeatDue} after this time. */
    record AwaitHeartbeat(Duration delay) implements Order {}

    /** Report {@link PongOverdue} after this time. */
    record AwaitPong(long ping, Duration delay) implements Order {}

    /** Send a close frame and end the connection. */
    record Close(CloseCode code, String reason) implements Order {}

    /** What follows from an input. */
    record Step(State next, List<Order> orders) {
        /** Copies the orders. */
        Step {
            orders = List.copyOf(orders);
        }
    }

    /** Where every connection begins. */
    static final State START = new Quiet(0);

    private record Row(State state, Input input) {}

    /** One row per state and input. */
    Step next(State state, Input input) {
        return switch (new Row(state, input)) {
            case Row(Ended _, Input _) -> stay(state);
            case Row(Quiet _, Opened _) -> new Step(state, List.of(new AwaitHeartbeat(heartbeat)));
            case Row(Quiet(long pings), HeartbeatDue _) -> ping(pings + 1);
            // A pong that nobody asked for is allowed (RFC 6455, section 5.5.3).
            case Row(Quiet _, Ponged _),Row(Quiet _, PongOverdue _) -> stay(state);
            case Row(Asked(long asked), Ponged(long ping)) when ping == asked -> new Step(
                    new Quiet(ping), List.of(new AwaitHeartbeat(heartbeat)));
            case Row(Asked(long asked), PongOverdue(long ping, Backlog backlog)) when ping == asked ->
                switch (backlog) {
                    case NONE -> silent();
                    case WATCHED -> new Step(state, List.of(new AwaitPong(ping, pongTimeout)));
                    case UNWATCHED -> slow(pongTimeout);
                };
            case Row(Asked _, Ponged _),Row(Asked _, PongOverdue _) -> stay(state);
            case Row(Asked _, HeartbeatDue _),Row(Asked _, Opened _) -> stay(state);
            case Row(State _, TookNothing(Duration time)) -> slow(time);
            case Row(State _, SaidText _) -> close(
                    CloseCode.NOT_UNDERSTOOD, "this stream takes no frames from clients");
            case Row(State _, SaidWrong(CloseCode code, String reason)) -> close(code, reason);
            case Row(State _, SaidBytes _) -> close(CloseCode.NOT_TEXT, "frames are text, not binary");
            case Row(State _, SourceEnded _) -> close(atEnd, atEnd == CloseCode.DONE ? "" : "shutting down");
            case Row(State _, SourceFailed(PluginException failure)) -> close(
                    CloseCode.of(failure), String.valueOf(failure.getMessage()));
            case Row(State _, SourceBroke _) ->
                close(CloseCode.FAULT, "internal error; the log has the details");
            case Row(State _, ServerClosing _) -> close(CloseCode.SHUTTING_DOWN, "shutting down");
        };
    }

    private static Step stay(State state) {
        return new Step(state, List.of());
    }

    private Step ping(long number) {
        return new Step(new Asked(number), List.of(new Ping(number), new AwaitPong(number, pongTimeout)));
    }

    private static Step slow(Duration time) {
        return close(CloseCode.SLOW, "the client took nothing for " + time.toMillis() + " ms");
    }

    private Step silent() {
        return close(CloseCode.NO_PONG, "no pong within " + pongTimeout.toMillis() + " ms");
    }

    private static Step close(CloseCode code, String reason) {
        return new Step(new Ended(), List.of(new Close(code, reason)));
    }
}
