package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.web.feed.Wish;
import dev.patchbay.web.feed.Wish.Start;
import dev.patchbay.web.v1.Conversation.Answer;
import dev.patchbay.web.v1.Conversation.Begin;
import dev.patchbay.web.v1.Conversation.End;
import dev.patchbay.web.v1.Conversation.Grant;
import dev.patchbay.web.v1.Conversation.Look;
import dev.patchbay.web.v1.Conversation.Order;
import dev.patchbay.web.v1.Conversation.Refuse;
import dev.patchbay.web.v1.Conversation.State;
import dev.patchbay.web.v1.Conversation.Step;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConversationTest {
    private static final ClientFrameReader READER = new ClientFrameReader(
            Clock.fixed(Samples.NOON, ZoneOffset.UTC));
    private static final State WITH_A = new State(Set.of("a"), 0, 0, 0);

    static Stream<Arguments> frames() {
        return Stream.of(
                arguments("{\"frame\":\"subscribe\",\"sub\":\"a\"}",
                        subscribe("a", new From.Now(), EventFilter.ALL, Wish.UNLIMITED)),
                arguments("{\"frame\":\"subscribe\",\"sub\":\"A.b_c-1\",\"from\":\"oldest\",\"credit\":0}",
                        subscribe("A.b_c-1", new From.Oldest(), EventFilter.ALL, 0)),
                arguments("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"k3x9:7\",\"credit\":1000000}",
                        subscribe("a", new From.At(new Cursor("k3x9", 7)), EventFilter.ALL, 1_000_000)),
                arguments("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":{\"time\":\"10m\"}}",
                        subscribe("a", new From.Since(Instant.parse("2026-01-31T11:50:00Z")), EventFilter.ALL,
                                Wish.UNLIMITED)),
                arguments("{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"snapshot\",\"filter\":{\"type\":"
                        + "[\"crash\"],\"plugin\":[\"sample\"],\"capability\":[\"volumedriver\"]}}",
                        new ClientFrame.Subscribe("a", new Start.Snapshot(), EventFilter.of(
                                List.of(EventType.CRASH), List.of("sample"), List.of("volumedriver")),
                                Wish.UNLIMITED)),
                arguments("{\"frame\":\"credit\",\"sub\":\"a\",\"n\":5}", new ClientFrame.Credit("a", 5)),
                arguments("{\"frame\":\"unsubscribe\",\"sub\":\"a\"}", new ClientFrame.Unsubscribe("a")));
    }

    private static ClientFrame subscribe(String sub, From from, EventFilter filter, long credit) {
        return new ClientFrame.Subscribe(sub, new Start.Events(from), filter, credit);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void readsEachFrame(String text, ClientFrame frame) {
        assertThat(READER.read(text)).isEqualTo(frame);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"frame\":\"subscribe\"}",
            "{\"frame\":\"subscribe\",\"sub\":7}",
            "{\"frame\":\"subscribe\",\"sub\":\"\"}",
            "{\"frame\":\"subscribe\",\"sub\":\"a b\"}",
            "{\"frame\":\"subscribe\",\"sub\":\"\\u0022\"}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"yesterday\"}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":\"10m\"}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":7}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":{\"time\":\"x\"}}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"from\":{\"time\":\"10m\",\"x\":1}}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"filter\":[]}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"filter\":{\"colour\":[]}}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"filter\":{\"type\":[\"birth\"]}}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"credit\":-1}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"credit\":1000001}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"credit\":1e99}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"credit\":123456789012345678901234567890}",
            "{\"frame\":\"subscribe\",\"sub\":\"a\",\"more\":1}",
            "{\"frame\":\"credit\",\"sub\":\"a\"}",
            "{\"frame\":\"credit\",\"sub\":\"a\",\"n\":0}",
            "{\"frame\":\"credit\",\"sub\":\"a\",\"n\":\"1\"}",
            "{\"frame\":\"unsubscribe\",\"sub\":\"a\",\"n\":1}"})
    void answersWhatIsWrongInAFrame(String text) {
        Order order = Conversation.next(Conversation.START, READER.read(text)).order();
        assertThat(order).isInstanceOfSatisfying(Answer.class, answer -> {
            assertThat(answer.error().code()).isEqualTo(Frame.ErrorCode.INVALID);
            assertThat(answer.error().message()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "7", "\"subscribe\"", "{}", "{\"frame\":\"hello\"}",
            "{\"frame\":7}", "{\"Frame\":\"subscribe\"}"})
    void endsTheConversationAtWhatIsNoFrame(String text) {
        assertThat(Conversation.next(Conversation.START, READER.read(text)).order())
                .isInstanceOfSatisfying(Refuse.class,
                        refuse -> assertThat(refuse.code()).isEqualTo(CloseCode.NOT_UNDERSTOOD));
    }

    @Test
    void aDeepFrameIsNoise() {
        String deep = "{\"frame\":\"subscribe\",\"filter\":" + "[".repeat(8000);
        assertThat(READER.read(deep)).isInstanceOf(ClientFrame.Noise.class);
    }

    @Test
    void opensGrantsAndCloses() {
        var wish = new ClientFrame.Subscribe("a", Since.NOW, EventFilter.ALL, 1);
        Step begun = Conversation.next(Conversation.START, wish);
        assertThat(begun.order()).isEqualTo(new Begin(wish));
        assertThat(begun.next().subs()).containsExactly("a");
        Step granted = Conversation.next(begun.next(), new ClientFrame.Credit("a", 5));
        assertThat(granted.order()).isEqualTo(new Grant("a", 5));
        Step ended = Conversation.next(granted.next(), new ClientFrame.Unsubscribe("a"));
        assertThat(ended.order()).isEqualTo(new End("a"));
        assertThat(ended.next().subs()).isEmpty();
    }

    static Stream<Arguments> disorder() {
        return Stream.of(
                arguments(new ClientFrame.Credit("b", 1), Frame.ErrorCode.UNKNOWN_SUB),
                arguments(new ClientFrame.Unsubscribe("b"), Frame.ErrorCode.UNKNOWN_SUB),
                arguments(new ClientFrame.Subscribe("a", Since.NOW, EventFilter.ALL, 1),
                        Frame.ErrorCode.DUPLICATE_SUB));
    }

    @ParameterizedTest
    @MethodSource("disorder")
    void answersFramesInTheWrongOrder(ClientFrame frame, Frame.ErrorCode code) {
        Step step = Conversation.next(WITH_A, frame);
        assertThat(step.order())
                .isInstanceOfSatisfying(Answer.class,
                        answer -> assertThat(answer.error().code()).isEqualTo(code));
        assertThat(step.next().subs()).containsExactly("a");
        assertThat(step.next().errors()).isOne();
    }

    @Test
    void takesNoMoreSubscriptionsThanALimit() {
        Set<String> all = IntStream.range(0, StreamLimits.MAX_SUBSCRIPTIONS)
                .mapToObj(Integer::toString)
                .collect(Collectors.toSet());
        Order order = Conversation.next(new State(all, 0, 0, 0),
                new ClientFrame.Subscribe("a", Since.NOW, EventFilter.ALL, 1)).order();
        assertThat(order).isInstanceOfSatisfying(Answer.class,
                answer -> assertThat(answer.error().code()).isEqualTo(Frame.ErrorCode.TOO_MANY_SUBS));
    }

    @Test
    void endsAConversationThatIsAllErrors() {
        State state = Conversation.START;
        for (int i = 0; i < StreamLimits.MAX_ERRORS; i++) {
            Step step = Conversation.next(state, new ClientFrame.Unsubscribe("x"));
            assertThat(step.order()).isInstanceOf(Answer.class);
            state = step.next();
        }
        assertThat(Conversation.next(state, new ClientFrame.Unsubscribe("x")).order())
                .isInstanceOfSatisfying(Refuse.class,
                        refuse -> assertThat(refuse.code()).isEqualTo(CloseCode.TOO_MUCH));
    }

    @Test
    void endsAConversationThatIsTooFast() {
        State state = WITH_A;
        for (int i = 0; i < StreamLimits.MAX_FRAMES_PER_SECOND; i++) {
            Step step = Conversation.came(state, 7);
            assertThat(step.order()).isEqualTo(new Look());
            state = step.next();
        }
        assertThat(Conversation.came(state, 8).order()).isEqualTo(new Look());
        assertThat(Conversation.came(state, 7).order())
                .isInstanceOfSatisfying(Refuse.class,
                        refuse -> assertThat(refuse.code()).isEqualTo(CloseCode.TOO_MUCH));
    }
}
