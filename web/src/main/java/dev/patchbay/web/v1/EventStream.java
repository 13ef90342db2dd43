package dev.patchbay.web.v1;

import dev.patchbay.Plugins;
import dev.patchbay.event.PluginEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What one subscriber of the event stream is told: a greeting, then each event after it that the subscriber wants.
 *
 * <p>No hole and no overlap: the greeting names the newest event, and the first one that follows is the next. For that
 * the events are subscribed first, the head is read second, and what is not newer than the head is dropped.
 *
 * @param plugins whose events
 * @param heartbeat told to the subscriber
 * @param version told to the subscriber
 */
record EventStream(Plugins plugins, Duration heartbeat, String version) {

    /**
     * The frames for one subscriber. <b>Cold</b>: each subscription reads the head and listens from there. Honours demand
     * and fails as {@link Plugins#events} does. Completes when the engine closes.
     */
    Flux<Frame> frames(EventSelection selection) {
        return Flux.defer(() -> {
            Sinks.One<Frame> hello = Sinks.one();
            Flux<Frame> live = plugins.events().map(Frame.Happened::new);
            // mergeSequential subscribes its sources at once and in order, but passes them on one after the other: the
            // third line runs when the second is subscribed, and completes the first.
            return Flux
                    .mergeSequential(
                            List.of(hello.asMono(), live, Mono.<Frame>fromRunnable(() -> greet(hello))))
                    .filter(new Unheard(selection));
        });
    }

    private void greet(Sinks.One<Frame> hello) {
        hello.emitValue(new Frame.Hello(plugins.head(), heartbeat, version),
                Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** Passes the greeting, and after it what is newer and wanted. One subscriber's: sees its frames one by one. */
    private static final class Unheard implements Predicate<Frame> {
        private final EventSelection selection;
        private long head;

        Unheard(EventSelection selection) {
            this.selection = selection;
        }

        @Override
        public boolean test(Frame frame) {
            return switch (frame) {
                case Frame.Hello hello -> {
                    head = hello.head().seq();
                    yield true;
                }
                case Frame.Happened(PluginEvent event) ->
                    event.cursor().seq() > head && selection.test(event);
            };
        }
    }
}
