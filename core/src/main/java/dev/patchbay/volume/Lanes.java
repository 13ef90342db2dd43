package dev.patchbay.volume;

import dev.patchbay.EngineClosedException;
import dev.patchbay.VolumesUnavailableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * What is done to a volume, one thing after the other in the order in which it was asked for; volumes do not wait for each
 * other. What has begun is carried out to its end, whether or not somebody waits for it; what nobody waits for any more when
 * its turn comes is not begun.
 */
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    /** How much may wait for one volume. */
    static final int MOST_WAITING = 32;

    /** How many volumes something may be done to at a time: more than there may be. */
    private static final int MOST_LANES = 16_384;

    private final VolumeThreads threads;
    private final Map<String, Deque<Task<?>>> lanes = new HashMap<>(); // state thread only; the first task is under way
    private final Sinks.Many<Task<?>> begun = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    Lanes(VolumeThreads threads) {
        this.threads = threads;
    }

    /** Whoever asked for something. */
    interface Caller {
        /** Whether they do not wait for it any more. */
        boolean isGone();

        /** What is to be done in the same turn if they are gone by the time when they would be answered. */
        void undoIfGone(Mono<Void> undo);

        /** One that waits for whatever comes. */
        Caller STAYS = new Caller() {
            @Override
            public boolean isGone() {
                return false;
            }

            @Override
            public void undoIfGone(Mono<Void> undo) {
                // They never are.
            }
        };
    }

    private static final class Task<T> implements Caller {
        private final String volume;
        private final Function<Caller, Mono<T>> work;
        private final MonoSink<T> answer;
        private volatile boolean gone;
        private volatile Mono<Void> undo = Mono.empty();

        Task(String volume, Function<Caller, Mono<T>> work, MonoSink<T> answer) {
            this.volume = volume;
            this.work = work;
            this.answer = answer;
            answer.onCancel(() -> gone = true);
        }

        @Override
        public boolean isGone() {
            return gone;
        }

        @Override
        public void undoIfGone(Mono<Void> other) {
            undo = other;
        }

        Mono<Void> undone() {
            return Mono.defer(() -> undo)
                    .onErrorResume(Exception.class, left -> Mono.fromRunnable(() -> LOG.warn(
                            "what nobody waited for of volume {} could not be taken back: {}", volume,
                            left.getMessage())));
        }

        Mono<Signal<T>> carryOut() {
            return Mono.defer(() -> gone ? Mono.empty() : work.apply(this))
                    .contextWrite(Context.of(answer.contextView()))
                    .materialize();
        }

        void answer(Signal<T> signal) {
            if (gone) {
                return; // nobody is told, not even of a failure
            }
            if (signal.isOnError() && signal.getThrowable() != null) {
                answer.error(signal.getThrowable());
            } else if (signal.get() != null) {
                answer.success(signal.get());
            } else {
                answer.success();
            }
        }
    }

    /** Where it is done. */
    Mono<Void> pipeline() {
        return begun.asFlux().flatMap(this::carryOut, MOST_LANES).then();
    }

    /** Takes nothing more; whoever waits hears of it. */
    void close() {
        var _ = closed.tryEmitEmpty(); // once is enough
    }

    /**
     * Does something to a volume when its turn comes.
     *
     * @return as the work; fails with {@link VolumesUnavailableException} if too much waits for this volume. On the thread for
     *     replies
     */
    <T> Mono<T> inTurn(String volume, Function<Caller, Mono<T>> work) {
        Mono<T> done = Mono.create(answer -> {
            var task = new Task<>(volume, work, answer);
            try {
                threads.state().schedule(() -> enter(task));
            } catch (RejectedExecutionException _) {
                answer.error(new EngineClosedException());
            }
        });
        return Mono.firstWithSignal(done.materialize(), ended())
                .<T>dematerialize()
                .publishOn(threads.replies());
    }

    private <T> Mono<Signal<T>> ended() {
        return closed.asMono().then(Mono.fromSupplier(() -> Signal.error(new EngineClosedException())));
    }

    private void enter(Task<?> task) {
        Deque<Task<?>> lane = lanes.getOrDefault(task.volume, new ArrayDeque<>());
        if (lane.size() > MOST_WAITING || lanes.size() >= MOST_LANES) {
            task.answer.error(new VolumesUnavailableException("too much is asked of volume " + task.volume
                    + " already; look whether its driver answers"));
            return;
        }
        lane.add(task);
        lanes.put(task.volume, lane);
        if (lane.size() == 1) {
            begin(task);
        }
    }

    private void begin(Task<?> task) {
        switch (begun.tryEmitNext(task)) {
            case OK, FAIL_CANCELLED, FAIL_TERMINATED -> {
            } // the end has come: everybody hears of that
            case FAIL_NON_SERIALIZED, FAIL_OVERFLOW, FAIL_ZERO_SUBSCRIBER ->
                throw new IllegalStateException("what is to be done to volume " + task.volume + " was lost");
        }
    }

    private <T> Mono<Void> carryOut(Task<T> task) {
        return task.carryOut()
                .publishOn(threads.state())
                .flatMap(signal -> {
                    Mono<Void> end = Mono.fromRunnable(() -> {
                        next(task.volume);
                        task.answer(signal);
                    });
                    return task.isGone() ? task.undone().publishOn(threads.state()).then(end) : end;
                });
    }

    private void next(String volume) {
        Deque<Task<?>> lane = lanes.get(volume);
        if (lane == null) {
            return;
        }
        lane.remove();
        if (lane.isEmpty()) {
            lanes.remove(volume);
        } else {
            begin(lane.element());
        }
    }
}
