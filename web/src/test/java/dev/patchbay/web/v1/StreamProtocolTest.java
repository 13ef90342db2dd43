package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.EngineClosedException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginLogException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.web.v1.StreamProtocol.Asked;
import dev.patchbay.web.v1.StreamProtocol.AwaitHeartbeat;
import dev.patchbay.web.v1.StreamProtocol.AwaitPong;
import dev.patchbay.web.v1.StreamProtocol.Backlog;
import dev.patchbay.web.v1.StreamProtocol.Close;
import dev.patchbay.web.v1.StreamProtocol.Ended;
import dev.patchbay.web.v1.StreamProtocol.HeartbeatDue;
import dev.patchbay.web.v1.StreamProtocol.Input;
import dev.patchbay.web.v1.StreamProtocol.Opened;
import dev.patchbay.web.v1.StreamProtocol.Order;
import dev.patchbay.web.v1.StreamProtocol.Ping;
import dev.patchbay.web.v1.StreamProtocol.PongOverdue;
import dev.patchbay.web.v1.StreamProtocol.Ponged;
import dev.patchbay.web.v1.StreamProtocol.Quiet;
import dev.patchbay.web.v1.StreamProtocol.SaidBytes;
import dev.patchbay.web.v1.StreamProtocol.SaidText;
import dev.patchbay.web.v1.StreamProtocol.SaidWrong;
import dev.patchbay.web.v1.StreamProtocol.ServerClosing;
import dev.patchbay.web.v1.StreamProtocol.SourceBroke;
import dev.patchbay.web.v1.StreamProtocol.SourceEnded;
import dev.patchbay.web.v1.StreamProtocol.SourceFailed;
import dev.patchbay.web.v1.StreamProtocol.State;
import dev.patchbay.web.v1.StreamProtocol.Step;
import dev.patchbay.web.v1.StreamProtocol.TookNothing;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class StreamProtocolTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final StreamProtocol protocol = new StreamProtocol(HEARTBEAT, PATIENCE, CloseCode.SHUTTING_DOWN);

    static Stream<Arguments> rows() {
        return Stream.of(
                row("opened: waits for the first heartbeat", new Quiet(0), new Opened(), new Quiet(0),
                        new AwaitHeartbeat(HEARTBEAT)),
                row("heartbeat: pings and waits for the pong", new Quiet(4), new HeartbeatDue(), new Asked(5),
                        new Ping(5), new AwaitPong(5, PATIENCE)),
                row("pong: quiet again", new Asked(5), new Ponged(5), new Quiet(5),
                        new AwaitHeartbeat(HEARTBEAT)),
                row("pong of an earlier ping: still owed", new Asked(5), new Ponged(4), new Asked(5)),
                row("pong that nobody asked for: ignored", new Quiet(5), new Ponged(5), new Quiet(5)),
                row("late timer of an answered ping: ignored", new Quiet(5),
                        new PongOverdue(5, Backlog.UNWATCHED),
                        new Quiet(5)),
                row("late timer of an earlier ping: ignored", new Asked(5), new PongOverdue(4, Backlog.NONE),
                        new Asked(5)),
                row("no pong, but the ping waits behind what is watched: waits on", new Asked(5),
                        new PongOverdue(5, Backlog.WATCHED), new Asked(5), new AwaitPong(5, PATIENCE)),
                ends("nothing taken for too long: 4008", new TookNothing(PATIENCE), CloseCode.SLOW),
                ends("something that ends it, with its code", new SaidWrong(CloseCode.TOO_MUCH, "enough"),
                        CloseCode.TOO_MUCH),
                row("late heartbeat: no second ping", new Asked(5), new HeartbeatDue(), new Asked(5)),
                ends("no pong from a client that takes bytes: 4012", new PongOverdue(5, Backlog.NONE),
                        CloseCode.NO_PONG),
                ends("no pong from a client that takes none: 4008", new PongOverdue(5, Backlog.UNWATCHED),
                        CloseCode.SLOW),
                ends("text from the client: not understood", new SaidText(), CloseCode.NOT_UNDERSTOOD),
                ends("bytes from the client: not text", new SaidBytes(), CloseCode.NOT_TEXT),
                ends("events end: the engine shuts down", new SourceEnded(), CloseCode.SHUTTING_DOWN),
                ends("the server shuts down", new ServerClosing(), CloseCode.SHUTTING_DOWN),
                ends("a bug: fault", new SourceBroke(), CloseCode.FAULT),
                ends("engine closed", failed(new EngineClosedException()), CloseCode.SHUTTING_DOWN),
                ends("gone plugin", failed(new PluginNotFoundException("x")), CloseCode.REFUSED),
                ends("unreadable log", failed(new PluginLogException("x", null)), CloseCode.FAULT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void goesOn(String row, State state, Input input, State next, List<CloseCode> closes,
            List<Order> orders) {
        Step step = protocol.next(state, input);
        assertThat(step.next()).isEqualTo(next);
        assertThat(
                step.orders().stream().filter(Close.class::isInstance).map(order -> ((Close) order).code()))
                .containsExactlyElementsOf(closes);
        assertThat(step.orders().stream().filter(order -> !(order instanceof Close)))
                .containsExactlyElementsOf(orders);
    }

    static Stream<Input> inputs() {
        return Stream.of(new Opened(), new HeartbeatDue(), new Ponged(5),
                new PongOverdue(5, Backlog.UNWATCHED),
                new SaidText(),
                new SaidBytes(), new SourceEnded(), failed(new EngineClosedException()), new SourceBroke(),
                new ServerClosing());
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void doesNothingAfterTheEnd(Input input) {
        assertThat(protocol.next(new Ended(), input)).isEqualTo(new Step(new Ended(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void endsFromQuietAsItEndsFromAsked(Input input) {
        Step asked = protocol.next(new Asked(5), input);
        boolean ends = asked.next() instanceof Ended;
        if (ends && !(input instanceof PongOverdue)) {
            assertThat(protocol.next(new Quiet(5), input)).isEqualTo(asked);
        }
    }

    @Test
    void aLogThatEndsIsDone() {
        var logs = new StreamProtocol(HEARTBEAT, PATIENCE, CloseCode.DONE);
        assertThat(logs.next(new Quiet(0), new SourceEnded()).orders())
                .containsExactly(new Close(CloseCode.DONE, ""));
    }

    @Test
    void everyReasonSaysSomething() {
        Stream<Order> closes = inputs()
                .flatMap(input -> protocol.next(new Asked(5), input).orders().stream());
        assertThat(closes.filter(Close.class::isInstance).map(order -> ((Close) order).reason()))
                .isNotEmpty()
                .noneMatch(String::isBlank);
    }

    @Test
    void codesToComeBackAfterAreBelow4500() {
        assertThat(List.of(CloseCode.SLOW, CloseCode.SHUTTING_DOWN, CloseCode.NO_PONG, CloseCode.BUSY))
                .extracting(CloseCode::number)
                .containsExactly(4008, 4009, 4012, 4013);
        assertThat(List.of(CloseCode.NOT_UNDERSTOOD, CloseCode.REFUSED, CloseCode.TOO_MUCH))
                .allSatisfy(code -> assertThat(code.number()).isBetween(4500, 4999));
    }

    private static SourceFailed failed(PluginException failure) {
        return new SourceFailed(failure);
    }

    private static Arguments row(String name, State state, Input input, State next, Order... orders) {
        return arguments(name, state, input, next, List.of(), List.of(orders));
    }

    private static Arguments ends(String name, Input input, CloseCode code) {
        return arguments(name, new Asked(5), input, new Ended(), List.of(code), List.of());
    }
}
