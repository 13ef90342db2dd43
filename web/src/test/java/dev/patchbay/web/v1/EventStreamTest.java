package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Plugins;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;

@Timeout(60)
final class EventStreamTest {
    private static final EventSelection ALL = new EventSelection(Set.of(), List.of());

    private final ScriptedPlugins plugins = new ScriptedPlugins();
    private final EventStream stream = new EventStream(plugins, Duration.ofSeconds(30), "v");

    @Test
    void greetsWithTheHeadAndGoesOnAfterIt() {
        plugins.publish(Samples.event(1));
        StepVerifier.create(stream.frames(ALL))
                .expectNext(hello(1))
                .then(() -> plugins.publish(Samples.event(2)))
                .expectNext(new Frame.Happened(Samples.event(2)))
                .then(plugins::endEvents)
                .verifyComplete();
    }

    @Test
    void losesNothingThatHappensWhileTheHeadIsRead() {
        plugins.whenHeadIsRead(() -> plugins.publish(Samples.event(1)));
        StepVerifier.create(stream.frames(ALL))
                .expectNext(hello(0))
                .expectNext(new Frame.Happened(Samples.event(1)))
                .thenCancel()
                .verify();
    }

    @Test
    void repeatsNothingThatHappenedBeforeTheHeadWasRead() {
        plugins.beforeHeadIsRead(() -> plugins.publish(Samples.event(1)));
        StepVerifier.create(stream.frames(ALL))
                .expectNext(hello(1))
                .then(() -> plugins.publish(Samples.event(2)))
                .expectNext(new Frame.Happened(Samples.event(2)))
                .thenCancel()
                .verify();
    }

    @Test
    void passesOnlyWhatIsWanted() {
        StepVerifier.create(stream.frames(new EventSelection(Set.of(EventType.CRASH), List.of())))
                .expectNext(hello(0))
                .then(() -> plugins.publish(Samples.event(1)))
                .then(() -> plugins.publish(Samples.event(2, EventType.CRASH, Samples.ID, "sample:latest")))
                .expectNextMatches(
                        frame -> frame instanceof Frame.Happened(var event) && event.cursor().seq() == 2)
                .thenCancel()
                .verify();
    }

    private static Frame hello(long head) {
        return new Frame.Hello(new Cursor(ScriptedPlugins.EPOCH, head), Duration.ofSeconds(30), "v");
    }
}
