package dev.patchbay.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.EventFilter;
import dev.patchbay.event.From;
import dev.patchbay.event.Recorders;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.Loops;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Wish;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How a body ends that is the last thing on its connection. */
final class StreamedFeedTest {
    private static final Duration SLOW = Duration.ofSeconds(15);

    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    private final Socket socket = new Socket();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket);
    private final FakePlugins plugins = new FakePlugins(Recorders.immediate());
    private final EventHub hub = new EventHub(plugins);
    private final AtomicBoolean over = new AtomicBoolean();

    /** A socket that takes nothing while it is told so. */
    private static final class Socket extends ChannelDuplexHandler {
        private boolean stuck;

        @Override
        public void flush(ChannelHandlerContext context) {
            if (!stuck) {
                context.flush();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            assertThat(cause).isInstanceOf(ClosedChannelException.class); // of what was not sent
        }
    }

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
        timers.dispose();
    }

    private void say(StreamedFeed.Course course) {
        var wish = new Wish(new Wish.Start.Events(new From.Now()), EventFilter.ALL,
                (out, said) -> out.writeCharSequence(said + "\n", StandardCharsets.UTF_8), Wish.UNLIMITED);
        var setup = new StreamedFeed.Setup(hub, wish, course, SLOW, timers, "test");
        new StreamedFeed(setup, Connection.from(channel)).run(Mono.empty())
                .subscribe(null, bug -> {
                    throw new AssertionError(bug);
                }, () -> over.set(true));
        channel.runPendingTasks();
    }

    private void pass(Duration time) {
        timers.advanceTimeBy(time);
        channel.runPendingTasks();
    }

    @Test
    void isOverWhenTheSocketHasTakenAll() {
        socket.stuck = true;
        say(new StreamedFeed.Course.Silent(Optional.of(Duration.ofSeconds(1))));
        pass(Duration.ofSeconds(1));
        assertThat(hub.feeds()).isZero();
        assertThat(over).isFalse();

        socket.stuck = false;
        channel.flush();

        assertThat(over).isTrue();
        pass(SLOW.multipliedBy(2));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void cutsAConnectionWhoseSocketDoesNotTakeTheLast() {
        socket.stuck = true;
        say(new StreamedFeed.Course.Silent(Optional.of(Duration.ZERO)));
        assertThat(channel.isOpen()).isTrue();

        pass(SLOW);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void doesNotCutWhoIsSilentBecauseNothingHappens() {
        say(new StreamedFeed.Course.Silent(Optional.empty()));
        pass(SLOW.multipliedBy(10));

        assertThat(channel.isOpen()).isTrue();
        assertThat(hub.feeds()).isOne();
    }
}
