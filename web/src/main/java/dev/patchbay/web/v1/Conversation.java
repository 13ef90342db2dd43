package dev.patchbay.web.v1;

import java.util.HashSet;
import java.util.Set;

/**
 * The rules of what clients say on the event stream: which subscriptions a connection has, and when it has said too much.
 * Pure: no clock, no socket, no text form. Whether the connection lives is {@link StreamProtocol}'s.
 */
final class Conversation {
    private Conversation() {}

    /**
     * How far it has come.
     *
     * @param subs the names of the subscriptions
     * @param errors how many error frames were sent
     * @param second the second in which the newest frame came, of whatever kind
     * @param frames how many came in it
     */
    record State(Set<String> subs, int errors, long second, int frames) {
        /** Copies the names. */
        State {
            subs = Set.copyOf(subs);
        }
    }

    /** Where every conversation begins. */
    static final State START = new State(Set.of(), 0, 0, 0);

    /** What is to be done. */
    sealed interface Order {}

    /** Look at the frame that came. */
    record Look() implements Order {}

    /** Open a feed. */
    record Begin(ClientFrame.Subscribe wish) implements Order {}

    /** Let a feed send more. */
    record Grant(String sub, long events) implements Order {}

    /** Close a feed. */
    record End(String sub) implements Order {}

    /** Send an error frame. */
    record Answer(Frame.Failed error) implements Order {}

    /** End the connection. */
    record Refuse(CloseCode code, String reason) implements Order {}

    /** What follows from a frame. */
    record Step(State next, Order order) {}

    /**
     * Counts a frame of the WebSocket, whatever it is: a ping is answered, and a part of a text is work as well.
     *
     * @param second when it came, in seconds of some clock that never goes back
     */
    static Step came(State before, long second) {
        int frames = before.second() == second ? before.frames() + 1 : 1;
        var state = new State(before.subs(), before.errors(), second, frames);
        return new Step(state, frames <= StreamLimits.MAX_FRAMES_PER_SECOND
                ? new Look()
                : new Refuse(CloseCode.TOO_MUCH,
                        "more than " + StreamLimits.MAX_FRAMES_PER_SECOND + " frames within a second"));
    }

    /** One row per kind of frame. */
    static Step next(State state, ClientFrame frame) {
        return switch (frame) {
            case ClientFrame.Noise(String message) ->
                new Step(state, new Refuse(CloseCode.NOT_UNDERSTOOD, message));
            case ClientFrame.Wrong(String sub, String message) ->
                wrong(state, sub, Frame.ErrorCode.INVALID, message);
            case ClientFrame.Subscribe wish -> subscribe(state, wish);
            case ClientFrame.Credit(String sub, long events) -> state.subs().contains(sub)
                    ? new Step(state, new Grant(sub, events))
                    : unknown(state, sub);
            case ClientFrame.Unsubscribe(String sub) -> state.subs().contains(sub)
                    ? new Step(without(state, sub), new End(sub))
                    : unknown(state, sub);
        };
    }

    private static Step subscribe(State state, ClientFrame.Subscribe wish) {
        if (state.subs().contains(wish.sub())) {
            return wrong(state, wish.sub(), Frame.ErrorCode.DUPLICATE_SUB,
                    "there is a subscription of that name; unsubscribe first");
        } else if (state.subs().size() >= StreamLimits.MAX_SUBSCRIPTIONS) {
            return wrong(state, wish.sub(), Frame.ErrorCode.TOO_MANY_SUBS,
                    "a connection has at most " + StreamLimits.MAX_SUBSCRIPTIONS + " subscriptions");
        }
        var subs = new HashSet<>(state.subs());
        subs.add(wish.sub());
        return new Step(new State(subs, state.errors(), state.second(), state.frames()), new Begin(wish));
    }

    private static State without(State state, String sub) {
        var subs = new HashSet<>(state.subs());
        subs.remove(sub);
        return new State(subs, state.errors(), state.second(), state.frames());
    }

    private static Step unknown(State state, String sub) {
        return wrong(state, sub, Frame.ErrorCode.UNKNOWN_SUB,
                "there is no subscription of that name; subscribe first");
    }

    private static Step wrong(State state, String sub, Frame.ErrorCode code, String message) {
        if (state.errors() >= StreamLimits.MAX_ERRORS) {
            return new Step(state, new Refuse(CloseCode.TOO_MUCH,
                    "more than " + StreamLimits.MAX_ERRORS + " errors; the last: " + message));
        }
        var next = new State(state.subs(), state.errors() + 1, state.second(), state.frames());
        return new Step(next, new Answer(new Frame.Failed(sub, code, message)));
    }
}
